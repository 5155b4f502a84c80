public import SeawallTime

extension CircuitBreaker {
    /// One change of a breaker's state, given once to the caller whose call caused or discovered it.
    ///
    /// Whoever listens hears of it too, in order and once.
    public struct Transition: Hashable, Sendable {
        /// Why a state changed.
        public struct Reason: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
            /// The reason's name.
            public var rawValue: String

            /// Makes a reason from its name.
            public init(rawValue: String) {
                self.rawValue = rawValue
            }

            /// As many failures in a row as the configuration allows.
            public static let consecutiveFailures = Reason(rawValue: "consecutive_failures")

            /// Too large a share of failures among the last calls.
            public static let failureRate = Reason(rawValue: "failure_rate")

            /// Too large a share of slow calls among the last calls.
            public static let slowCallRate = Reason(rawValue: "slow_call_rate")

            /// The time open is over.
            public static let openTimeOver = Reason(rawValue: "open_time_over")

            /// A probe failed.
            public static let probeFailed = Reason(rawValue: "probe_failed")

            /// A probe succeeded, but slowly.
            public static let probeSlow = Reason(rawValue: "probe_slow")

            /// A probe had no result when its lease ended.
            public static let probeLeaseOver = Reason(rawValue: "probe_lease_over")

            /// As many probes succeeded as the configuration asks for.
            public static let probesSucceeded = Reason(rawValue: "probes_succeeded")

            /// The caller opened it, for instance because a server said when to come back.
            public static let forced = Reason(rawValue: "forced")

            /// An operator isolated it.
            public static let isolated = Reason(rawValue: "isolated")

            /// The time of the isolation is over.
            public static let isolationOver = Reason(rawValue: "isolation_over")

            /// An operator disabled it.
            public static let disabled = Reason(rawValue: "disabled")

            /// An operator released what was isolated or disabled by hand.
            public static let released = Reason(rawValue: "released")

            /// An operator reset it.
            public static let reset = Reason(rawValue: "reset")

            /// It was taken out of its set.
            public static let removed = Reason(rawValue: "removed")

            /// The reason's name.
            public var description: String { rawValue }
        }

        /// The breaker's name.
        public var name: String

        /// The state before.
        public var from: State

        /// The state after.
        public var to: State

        /// The instant at which it became true, which lies before the present where time alone caused it.
        public var at: MonotonicInstant

        /// Why.
        public var reason: Reason

        /// The failures that count since the trouble began: those that tripped the breaker and the probes since.
        public var failureCount: Int

        /// The end of the new state, where time alone ends it.
        public var until: MonotonicInstant?

        /// The words of whoever opened or isolated it by hand.
        public var detail: String?

        /// Failures per thousand calls when the trouble began; nil where there is no such rule, or no call.
        public var failureRate: Int?

        /// Slow calls per thousand calls when the trouble began, likewise.
        public var slowCallRate: Int?

        /// True where the breaker only decides and reports, and refuses no call at all.
        public var isShadow = false
    }
}
