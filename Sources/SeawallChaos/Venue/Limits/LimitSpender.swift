internal import SeawallBroker
internal import SeawallTime

/// Another process on the same address and account, which spends a share of every limit for a time.
struct LimitSpender: Sendable {
    /// The share that it holds, in thousandths, 0 to 1,000.
    let perMille: Int
    /// From when on it spends nothing.
    let until: MonotonicInstant
    /// What it has charged to each limit, in the order of the limits.
    private var own: [LimitCounter]

    init(perMille: Int, until: MonotonicInstant, own: [LimitCounter]) {
        self.perMille = max(0, min(perMille, 1_000))
        self.until = until
        self.own = own
    }

    /// How much it spends on a limit now: what its share lacks, as far as there is room.
    mutating func spend(
        on counter: LimitCounter, number index: Int, symbol: Symbol?, at now: MonotonicInstant
    ) -> Int {
        let limit = counter.rule.limit
        let share = Int(clamping: Int128(limit) * Int128(perMille) / 1_000)
        let used = counter.used(symbol: symbol, at: now)
        // A counter that falls as a whole has no part that is its own.
        let held = counter.rule.shape == .decay ? used : own[index].used(symbol: symbol, at: now)
        let weight = max(0, min(share - held, limit - used))
        if weight > 0 { own[index].charge(weight, symbol: symbol, at: now) }
        return weight
    }
}
