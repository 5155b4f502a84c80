public import SeawallTime

extension CircuitBreaker {
    /// What a breaker is doing, at one instant, torn by nothing.
    public struct Status: Hashable, Sendable {
        /// The breaker's name.
        public var name: String

        /// The state, with transitions that time alone has caused.
        public var state: State

        /// When the state became true.
        public var since: MonotonicInstant

        /// The end of the state, where time alone ends it.
        public var until: MonotonicInstant?

        /// The failures that count: in a row or in the window while closed, since the trouble began otherwise.
        public var failureCount: Int

        /// Failures per thousand calls: of the window while closed, of when the trouble began otherwise.
        ///
        /// Nil where there is no such rule, or no call.
        public var failureRate: Int?

        /// Slow calls per thousand calls, likewise.
        public var slowCallRate: Int?

        /// How many calls are in the window; 0 where there is none.
        public var callsInWindow: Int

        /// How many calls hold a probe's permit.
        public var probesInFlight: Int

        /// Of a thousand calls how many pass: 1,000 while closed or disabled, fewer on the ramp, 0 otherwise; in shadow
        /// all but `enforcedPerMille` of what would be refused.
        public var admittedPerMille: Int

        /// The words of whoever opened or isolated it by hand.
        public var detail: String?

        /// True where the breaker is in shadow: it decides and reports, and refuses nothing or a share.
        public var isShadow: Bool

        /// The words of whoever put it in shadow.
        public var shadowReason: String?

        /// How many calls it would have refused since it was put in shadow.
        public var shadowRefusals: Int

        /// Of a thousand calls that it decides to refuse how many it refuses: 1,000 but in shadow.
        public var enforcedPerMille: Int
    }
}
