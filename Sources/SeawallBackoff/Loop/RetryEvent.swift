public import SeawallTime

/// What an observer of a retry is told before each sleep.
public struct RetryEvent: Sendable {
    /// Why a retry sleeps as long as it does.
    public struct Reason: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
        /// The reason's name.
        public var rawValue: String

        /// Makes a reason from its name.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// The attempt failed, and the policy's delay passes.
        public static let backoff = Reason(rawValue: "backoff")

        /// The attempt failed, and the server said when it may be asked again.
        public static let retryAfter = Reason(rawValue: "retryAfter")

        /// The attempt took longer than its timeout.
        public static let timeout = Reason(rawValue: "timeout")

        /// The client's retry budget is empty: the retry ends after the sleep, with `BackoffExhausted`, and makes no attempt.
        public static let budget = Reason(rawValue: "budget")

        /// The reason's name.
        public var description: String { rawValue }
    }

    /// The attempt that failed, from 1.
    public var attempt: Int

    /// The error of that attempt.
    public var error: any Error

    /// The caller's decision about it.
    public var decision: RetryDecision

    /// Why there is a sleep.
    public var reason: Reason

    /// How long the sleep is.
    public var delay: Duration

    /// The instant at which the sleep ends: the next attempt begins, or where the reason is `budget` the retry ends.
    public var resumesAt: MonotonicInstant
}
