public import SeawallTime

/// One attempt that failed, in the history of a retry.
public struct FailedAttempt: Sendable {
    /// Its number, from 1.
    public var number: Int

    /// The error as it was thrown.
    public var error: any Error

    /// What the failure says about the call.
    public var failure: FailureClass

    /// The instant at which it failed.
    public var failedAt: MonotonicInstant

    /// How long was slept after it; nil where nothing was.
    public var delay: Duration?

    init(number: Int, error: any Error, failure: FailureClass, failedAt: MonotonicInstant, delay: Duration? = nil) {
        self.number = number
        self.error = error
        self.failure = failure
        self.failedAt = failedAt
        self.delay = delay
    }
}
