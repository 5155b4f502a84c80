internal import SeawallBroker
internal import SeawallTime

/// Fills that were taken out of answers to `fills(since:)` and are given back later.
///
/// The venue's cursor passes them, so they must be added to a later answer, or they would be lost for good.
struct HeldFills: Sendable {
    private struct Held: Sendable {
        var fill: Fill
        var due: MonotonicInstant
    }

    private var held: [Held] = []

    /// Takes the page's fills out until `due`, but for those that are held already.
    mutating func hold(_ fills: [Fill], until due: MonotonicInstant) {
        for fill in fills where !held.contains(where: { $0.fill.id == fill.id && $0.fill.symbol == fill.symbol }) {
            held.append(Held(fill: fill, due: due))
        }
    }

    /// The fills of an answer: those of the page that are not held, after those that are due and of the symbol.
    mutating func release(into page: [Fill], symbol: Symbol?, now: MonotonicInstant) -> [Fill] {
        let due = held.filter { $0.due <= now && (symbol == nil || $0.fill.symbol == symbol) }.map(\.fill)
        let waiting = held.filter { $0.due > now }.map(\.fill)
        held.removeAll { item in due.contains(item.fill) }
        return due + page.filter { !due.contains($0) && !waiting.contains($0) }
    }
}
