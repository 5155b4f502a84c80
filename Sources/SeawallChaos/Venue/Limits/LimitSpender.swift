internal import SeawallBroker
internal import SeawallTime

/// Another process on the same address and account, which spends a share of every limit for a time.
struct LimitSpender: Sendable {
    /// The share that it holds, in thousandths, 0 to 1,000.
    let perMille: Int
    /// From when on it spends nothing.
    let until: MonotonicInstant
    /// What it has charged to each window, in the order of the windows.
    private var windows: [NaiveWindow]

    init(perMille: Int, until: MonotonicInstant, windows: [NaiveWindow]) {
        self.perMille = max(0, min(perMille, 1_000))
        self.until = until
        self.windows = windows
    }

    /// How much it spends on a window now: what its share lacks, as far as there is room.
    mutating func spend(on window: NaiveWindow, number index: Int, at now: MonotonicInstant) -> Int {
        let limit = window.rule.limit
        let share = Int(clamping: Int128(limit) * Int128(perMille) / 1_000)
        let used = window.used(at: now)
        // A counter that falls as a whole has no part that is its own.
        let held = window.rule.shape == .decay ? used : windows[index].used(at: now)
        let weight = max(0, min(share - held, limit - used))
        if weight > 0 { windows[index].charge(weight, at: now) }
        return weight
    }
}
