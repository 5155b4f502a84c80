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

    /// What a venue's fill is known by: ids need be unique within a symbol alone.
    private struct Key: Hashable {
        var id: FillID
        var symbol: Symbol

        init(_ fill: Fill) {
            id = fill.id
            symbol = fill.symbol
        }
    }

    private var held: [Held] = []

    /// Takes the page's fills out until `due`, but for those that are held already.
    mutating func hold(_ fills: [Fill], until due: MonotonicInstant) {
        var known = Set(held.map { Key($0.fill) })
        for fill in fills where known.insert(Key(fill)).inserted { held.append(Held(fill: fill, due: due)) }
    }

    /// The fills of an answer: those of the page that are not held, after those that are due and of the symbol.
    mutating func release(into page: [Fill], symbol: Symbol?, now: MonotonicInstant) -> [Fill] {
        guard !held.isEmpty else { return page }
        let due = held.filter { $0.due <= now && (symbol == nil || $0.fill.symbol == symbol) }.map(\.fill)
        let released = Set(due.map(Key.init))
        held.removeAll { released.contains(Key($0.fill)) }
        let keptBack = released.union(held.filter { $0.due > now }.map { Key($0.fill) })
        return due + page.filter { !keptBack.contains(Key($0)) }
    }
}
