internal import SeawallTime

/// A counter that falls steadily, as a venue keeps it, and never above `capacity` by our own doing.
///
/// Exact: one unit is `window` parts, of which `limit` fall off each nanosecond, so that a counter at the limit is empty
/// one window later. What is held does not fall until it is settled: its call may arrive at any instant up to then.
struct DecayingLevel: Sendable {
    let window: Int64
    let limit: Int
    let capacity: Int

    private(set) var held = 0
    /// In parts, at `instant`.
    private var level: Int128 = 0
    private var instant = Int64.min
    /// What was taken by then is not told apart any more: how much of it has fallen off since is not known here.
    private(set) var gone = Int64.min

    init(window: Int64, limit: Int, capacity: Int) {
        self.window = window
        self.limit = limit
        self.capacity = capacity
    }

    /// No capacity is above it, so that it stops everything as well as more would.
    private var highest: Int128 { Int128(Bucket.highestReport) * Int128(window) }

    /// The counter with what is held, in whole units, rounded up; as of the latest `fall`.
    var total: Int {
        let (whole, rest) = level.quotientAndRemainder(dividingBy: Int128(window))
        return Int(clamping: whole + (rest > 0 ? 1 : 0)).addingSaturating(held)
    }

    /// Lets time do its work up to `now`.
    mutating func fall(_ now: Int64) {
        guard now > instant else { return }
        if level > 0 { level = max(0, level - (Int128(now) - Int128(instant)) * Int128(limit)) }
        instant = now
    }

    /// The first instant, `now` or later, at which `needed` more fits if nothing else is added.
    ///
    /// `needed` is at most the capacity. Where what is held must fall first, it cannot be sooner.
    func earliest(fitting needed: Int, now: Int64) -> Int64 {
        let excess = level + (Int128(held) + Int128(needed) - Int128(capacity)) * Int128(window)
        guard excess > 0 else { return now }
        return now.addingSaturating(Int64(clamping: (excess + Int128(limit) - 1) / Int128(limit)))
    }

    /// When all that was added has fallen off; as of the latest `fall`.
    func emptyAt(_ now: Int64) -> Int64 {
        now.addingSaturating(Int64(clamping: (level + Int128(limit) - 1) / Int128(limit)))
    }

    mutating func add(_ amount: Int) { level = min(highest, level + Int128(amount) * Int128(window)) }

    mutating func hold(_ amount: Int) { held = held.addingSaturating(amount) }

    mutating func settle(_ amount: Int) {
        held -= amount
        add(amount)
    }

    mutating func letGo(_ amount: Int) { held -= amount }

    /// What was taken by an instant was taken of a counter that may have let it go otherwise.
    mutating func forget(by instant: Int64) { gone = max(gone, instant) }

    /// Takes out what is surely left of an amount that was added at `start` and never used.
    ///
    /// The counter may have been empty since, and then less of it is there than time has left of it.
    mutating func remove(_ amount: Int, addedAt start: Int64) {
        guard start > gone else { return }
        let left = Int128(amount) * Int128(window) - (Int128(instant) - Int128(start)) * Int128(limit)
        level = max(0, level - max(0, left))
    }

    /// This counter with what another of the same kind holds.
    func taking(_ other: DecayingLevel) -> DecayingLevel {
        var taking = self
        taking.held = other.held
        taking.instant = other.instant
        taking.gone = other.gone
        // A part of a unit counts as the whole.
        taking.level = (other.level + Int128(other.window) - 1) / Int128(other.window) * Int128(window)
        return taking
    }

    /// Takes in an amount that the counter held at an instant, with what has fallen off it since.
    mutating func restore(_ amount: Int, spentAt start: Int64) {
        let fallen = max(0, Int128(instant) - Int128(start)) * Int128(limit)
        level = min(highest, level + max(0, Int128(amount) * Int128(window) - fallen))
    }

    /// Raises the settled part to what is left of so many units that it was at an instant; never lowers it.
    mutating func raise(to units: Int, at start: Int64) {
        let fallen = max(0, Int128(instant) - Int128(start)) * Int128(limit)
        level = min(highest, max(level, Int128(units) * Int128(window) - fallen))
    }

    /// Raises the settled part to so many units; never lowers it.
    mutating func raise(to units: Int) { level = max(level, Int128(units) * Int128(window)) }
}
