public import SeawallTime

/// When a read that takes long is made a second time beside the first, the first answer winning.
public struct Hedging: Hashable, Sendable {
    /// How long is waited before each hedge.
    public enum Delay: Hashable, Sendable {
        /// Always the same.
        case fixed(Duration)

        /// As long as so many thousandths of the recent calls take, but never under `minimum`.
        ///
        /// Before there are enough calls to tell, nothing is hedged.
        case quantile(permille: Int, minimum: Duration)
    }

    /// How long is waited before each hedge.
    public let delay: Delay

    /// The most hedges beside one attempt.
    public let maximumHedges: Int

    /// Makes a configuration.
    ///
    /// - Parameters:
    ///   - delay: fixed, above zero; or a quantile of 1 to 999 thousandths with a minimum above zero. The 95 % quantile
    ///     with a minimum of 1 ms unless told.
    ///   - maximumHedges: 1 to 10; 1 unless told.
    /// - Throws: `InvalidFields` that lists every bad field.
    public init(
        after delay: Delay = .quantile(permille: 950, minimum: .milliseconds(1)), maximumHedges: Int = 1
    ) throws(InvalidFields) {
        self.init(checkedDelay: delay, maximumHedges: maximumHedges)
        var problems = InvalidFields(subject: "hedging", fields: [])
        check(&problems)
        try problems.throwIfAny()
    }

    init(checkedDelay delay: Delay, maximumHedges: Int) {
        self.delay = delay
        self.maximumHedges = maximumHedges
    }

    func check(_ problems: inout InvalidFields) {
        switch delay {
        case .fixed(let delay):
            problems.check(delay > .zero, "delay", delay, "a duration above 0 seconds")
        case .quantile(let permille, let minimum):
            problems.check((1...999).contains(permille), "permille", permille, "a whole number from 1 to 999")
            problems.check(minimum > .zero, "minimum", minimum, "a duration above 0 seconds")
        }
        problems.check(
            (1...10).contains(maximumHedges), "maximumHedges", maximumHedges, "a whole number from 1 to 10")
    }
}
