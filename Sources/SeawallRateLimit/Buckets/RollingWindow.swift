internal import SeawallTime

/// What was spent in the last `length` nanoseconds, and never more than `capacity` of it by our own doing.
///
/// A list of spending by instant with its sum: amounts leave one length after their instant. What is held has no
/// instant yet, and stays until it is settled or let go. For large capacities instants are rounded up to slots, so that
/// the list stays short; an amount then leaves late, never early.
///
/// Where it is known when the venue's fixed windows begin, an amount leaves with the window that it was surely in at the
/// latest, if that is sooner.
struct RollingWindow: Sendable {
    private struct Entry: Sendable {
        var instant: Int64
        var amount: Int
    }

    static let slots = 1_024
    /// Only reports of a server that creep up one by one can fill the list so far.
    private static let maximumEntries = 4 * slots
    /// The most that is kept for one instant: no capacity is above it, so that it stops everything as well as more would.
    ///
    /// Full of such entries the sum does not overflow.
    private static let mostAtOnce = BucketConfiguration.limits.upperBound

    let length: Int64
    let capacity: Int
    let grain: Int64
    var alignment: WindowAlignment?

    /// The sum of all that has not left, with what is held.
    private(set) var total = 0
    /// What calls under way hold.
    private(set) var held = 0
    private var entries: [Entry] = []
    private var head = 0
    /// The latest slot that has been let go: whatever else is learnt of the venue's windows, what it held does not come back.
    private(set) var gone = Int64.min

    init(length: Int64, capacity: Int) {
        self.length = length
        self.capacity = capacity
        grain = capacity <= Self.slots ? 1 : length / Int64(Self.slots) + 1
    }

    /// Lets go of everything that leaves by `now`.
    mutating func expire(_ now: Int64) {
        while head < entries.count, leaves(entries[head].instant) <= now {
            total -= entries[head].amount
            head += 1
        }
        guard head > 0 else { return }
        gone = max(gone, entries[head - 1].instant)
        if head == entries.count {
            entries.removeAll(keepingCapacity: true)
            head = 0
        } else if head * 2 > entries.count {
            entries.removeSubrange(..<head)
            head = 0
        }
    }

    /// The first instant, `now` or later, at which `needed` more fits if nothing else is added.
    ///
    /// `needed` is at most the capacity. Where something that is held must go first, the answer is the instant at which
    /// it would if it were settled now: it cannot be sooner.
    func earliest(fitting needed: Int, now: Int64) -> Int64 {
        let most = capacity - needed
        var left = total
        if left <= most { return now }
        for entry in entries[head...] {
            left -= entry.amount
            if left <= most { return max(now, leaves(entry.instant)) }
        }
        return leaves(now)
    }

    /// Takes an amount out of the window for a call whose end is not known yet.
    mutating func hold(_ amount: Int) {
        held += amount
        total += amount
    }

    /// A call that held an amount has ended: it leaves one length from now.
    mutating func settle(_ amount: Int, at now: Int64) {
        letGo(amount)
        add(amount, at: now)
    }

    /// A call that held an amount was never made.
    mutating func letGo(_ amount: Int) {
        held -= amount
        total -= amount
    }

    /// Adds an amount at `instant`; instants that come in order cost constant time.
    mutating func add(_ amount: Int, at instant: Int64) {
        guard amount > 0 else { return }
        let slot = slot(of: instant)
        let index = firstIndex(notBefore: slot)
        if index < entries.count, entries[index].instant == slot {
            add(amount, toEntry: index)
        } else if entries.count - head < Self.maximumEntries {
            let entry = Entry(instant: slot, amount: min(amount, Self.mostAtOnce))
            total += entry.amount
            if index == entries.count { return entries.append(entry) }
            entries.insert(entry, at: index)
        } else if index < entries.count {
            add(amount, toEntry: index)
        } else {
            // Full: what came last is counted as if it had come now, which can only free it later.
            add(amount, toEntry: index - 1)
            entries[index - 1].instant = slot
        }
    }

    private mutating func add(_ amount: Int, toEntry index: Int) {
        let added = min(amount, Self.mostAtOnce - entries[index].amount)
        entries[index].amount += added
        total += added
    }

    /// Knows what others that count the same have let go of by `instant`.
    mutating func forget(by instant: Int64) { gone = max(gone, slot(of: instant)) }

    /// Takes out up to `amount` of what was added at `instant`, and says how much; what has left gives nothing.
    @discardableResult
    mutating func remove(_ amount: Int, addedAt instant: Int64, now: Int64) -> Int {
        let slot = slot(of: instant)
        let index = firstIndex(notBefore: slot)
        guard !hasLeft(slot, by: now), index < entries.count else { return 0 }
        let removed = min(amount, entries[index].amount)
        entries[index].amount -= removed
        total -= removed
        return removed
    }

    /// Whether what was added to a slot has left by now, as it is known today or as it was known then.
    private func hasLeft(_ slot: Int64, by now: Int64) -> Bool { slot <= gone || leaves(slot) <= now }

    /// When all that was added has left; as of the latest `expire`.
    func emptyAt(_ now: Int64) -> Int64 {
        guard let last = entries[head...].last(where: { $0.amount > 0 }) else { return now }
        return max(now, leaves(last.instant))
    }

    /// When an amount that was added at an instant leaves; never sooner for a later one.
    func leaves(_ instant: Int64) -> Int64 {
        let whole = instant.addingSaturating(length)
        guard let alignment else { return whole }
        return min(whole, alignment.leaves(instant, length: length) ?? whole)
    }

    /// Takes out an amount that was added at `instant`, and that the venue does not count any more.
    ///
    /// What leaves first goes, so that nothing leaves sooner for it; what has left gives nothing.
    mutating func release(_ amount: Int, addedAt instant: Int64, now: Int64) {
        expire(now)
        guard !hasLeft(slot(of: instant), by: now) else { return }
        var left = amount
        for index in head..<entries.count where left > 0 {
            let part = min(left, entries[index].amount)
            entries[index].amount -= part
            total -= part
            left -= part
        }
    }

    /// What was added and has not left, by instant.
    var spendings: [(instant: Int64, amount: Int)] {
        entries[head...].lazy.filter { $0.amount > 0 }.map { ($0.instant, $0.amount) }
    }

    /// The instant at which what happens at another is counted: the end of its slot.
    func slot(of instant: Int64) -> Int64 {
        if grain == 1 { return instant }
        let rest = instant % grain
        if rest == 0 { return instant }
        return rest < 0 ? instant - rest : instant.addingSaturating(grain - rest)
    }

    private func firstIndex(notBefore slot: Int64) -> Int {
        guard let last = entries.last, head < entries.count, last.instant >= slot else { return entries.count }
        var low = head
        var high = entries.count - 1
        while low < high {
            let middle = low + (high - low) / 2
            if entries[middle].instant >= slot { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
