public import SeawallTime

/// What the caller makes of an error.
public enum RetryDecision: Hashable, Sendable {
    /// Try again after the policy's delay.
    case retry

    /// Try again, not before this instant: the server said so.
    ///
    /// The instant is never shortened. Where it does not lie before the deadline and within the budget, the retry
    /// ends at once instead of sleeping.
    case retryAfter(until: MonotonicInstant)

    /// Give the error back as it was thrown.
    case stop
}
