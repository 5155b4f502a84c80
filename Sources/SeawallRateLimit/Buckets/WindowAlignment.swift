internal import SeawallTime

/// Where a venue's windows begin on our clock, and how far that may be off.
struct WindowAlignment: Hashable, Sendable {
    /// Two good clocks part by less than one part in so many.
    static let drift: Int64 = 5_000

    /// An instant at which a window begins, as far as is known.
    let edge: Int64
    /// How far the edges may lie from where they seem to, at the measurement.
    let error: Int64
    let measuredAt: Int64

    init(edge: Int64, error: Int64, measuredAt: Int64) {
        self.edge = edge
        self.error = error
        self.measuredAt = measuredAt
    }

    /// Windows of a length that begin at its multiples, `offset` later, on a civil clock that read `civil` at `instant`.
    init(length: Int64, offset: Int64, civil: Int64, at instant: Int64, error: Int64) {
        let past = Self.remainder(Int128(civil) - Int128(offset), length)
        self.init(edge: Int64(clamping: Int128(instant) - past), error: error, measuredAt: instant)
    }

    /// The first instant at which whatever happened by `instant` is surely in no window that is still open; nil where
    /// the edges are not known well enough to say so within one length.
    func leaves(_ instant: Int64, length: Int64) -> Int64? {
        let width = Int128(length)
        let error = error(at: Int128(instant))
        guard error < width else { return nil }
        let late = Int128(instant) + error
        var next = late - Self.remainder(late - Int128(edge), length) + width
        // Further away the edge is known less well.
        if next - self.error(at: next) <= Int128(instant) { next += width }
        return Int64(clamping: next + self.error(at: next))
    }

    /// Whether surely no window of a length has begun after `first` and by `last`, which is no sooner.
    func isOneWindow(_ first: Int64, _ last: Int64, length: Int64) -> Bool {
        let width = Int128(length)
        let error = max(error(at: Int128(first)), error(at: Int128(last)))
        guard error < width else { return false }
        let late = Int128(last) + error
        let past = Self.remainder(late - Int128(edge), length)
        // The last edge that may lie so far.
        return late - past <= Int128(first) - error
    }

    private func error(at instant: Int128) -> Int128 {
        let distance = instant - Int128(measuredAt)
        return Int128(error) + (distance < 0 ? -distance : distance) / Int128(Self.drift)
    }

    /// What is left of a division towards the past.
    private static func remainder(_ value: Int128, _ length: Int64) -> Int128 {
        let rest = value % Int128(length)
        return rest < 0 ? rest + Int128(length) : rest
    }
}
