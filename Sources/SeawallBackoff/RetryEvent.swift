public import SeawallTime

/// What an observer of a retry is told before each sleep.
public struct RetryEvent: Sendable {
    /// The attempt that failed, from 1.
    public var attempt: Int

    /// The error of that attempt.
    public var error: any Error

    /// The caller's decision about it.
    public var decision: RetryDecision

    /// How long the sleep is.
    public var delay: Duration

    /// The instant at which the next attempt begins.
    public var resumesAt: MonotonicInstant

    /// Makes an event.
    public init(
        attempt: Int, error: any Error, decision: RetryDecision, delay: Duration, resumesAt: MonotonicInstant
    ) {
        self.attempt = attempt
        self.error = error
        self.decision = decision
        self.delay = delay
        self.resumesAt = resumesAt
    }
}
