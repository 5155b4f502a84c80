public import SeawallTime

/// What the caller makes of an error: try again, try again at a time that the server told, or stop.
public struct RetryDecision: Hashable, Sendable {
    package enum Action: Hashable, Sendable {
        case stop
        case backOff
        case waitUntil(MonotonicInstant)
        case waitFor(Duration)
        case obey(RetryAfter.Form, serverTime: CivilInstant?)
    }

    package let action: Action

    /// What the failure says about the call.
    public let failure: FailureClass

    /// True where the error goes back as it was thrown.
    public var isStop: Bool { action == .stop }

    /// Try again after the policy's delay: the call is known to have done nothing.
    public static let retry = RetryDecision(action: .backOff, failure: .transient)

    /// Try again where the operation was declared idempotent, else stop: the call may have done its work.
    public static let retryIfIdempotent = RetryDecision(action: .backOff, failure: .ambiguous)

    /// Give the error back as it was thrown.
    public static let stop = RetryDecision(action: .stop, failure: .ambiguous)

    /// Try again after the policy's delay, for a failure of the class given.
    public static func retry(as failure: FailureClass) -> RetryDecision {
        RetryDecision(action: .backOff, failure: failure)
    }

    /// Try again, not before this much time has passed since the failure: the server said so.
    ///
    /// The wait is never shortened, and jitter only lengthens it. Where it is longer than the policy's
    /// `longestRetryAfter`, or would pass the deadline or the budget, the retry ends at once instead of sleeping.
    public static func retryAfter(_ delay: Duration, as failure: FailureClass = .throttled) -> RetryDecision {
        RetryDecision(action: .waitFor(delay), failure: failure)
    }

    /// Try again, not before this instant: the server said so.
    public static func retryAfter(
        until instant: MonotonicInstant, as failure: FailureClass = .throttled
    ) -> RetryDecision {
        RetryDecision(action: .waitUntil(instant), failure: failure)
    }

    /// Try again as a server's `Retry-After` says: in seconds, as a date of HTTP, or as a Unix time.
    ///
    /// - Parameters:
    ///   - header: the parsed answer.
    ///   - serverTime: the server's civil time at the failure (the answer's `Date`), against which a date is read; our own
    ///     civil time unless told.
    ///   - failure: what the failure says about the call; throttled unless told.
    public static func retryAfter(
        _ header: RetryAfter, serverTime: CivilInstant? = nil, as failure: FailureClass = .throttled
    ) -> RetryDecision {
        RetryDecision(action: .obey(header.form, serverTime: serverTime), failure: failure)
    }

    /// The decision where the caller classifies nothing: every error is ambiguous, but for two that stop.
    ///
    /// So an operation that is not declared idempotent is never repeated. A retry that ran out inside stops, so that retries
    /// within retries do not multiply; so does a `CallRefusal`, such as that of an open circuit breaker, which is there to
    /// fail at once.
    public static func cautious(_ error: any Error) -> RetryDecision {
        error is BackoffExhausted || error is any CallRefusal ? .stop : .retryIfIdempotent
    }
}

extension RetryDecision {
    /// The instant before which the server does not want to be asked again; nil where it said nothing.
    func floor(now: MonotonicInstant, civilNow: @autoclosure () -> CivilInstant) -> MonotonicInstant? {
        switch action {
        case .stop, .backOff: nil
        case .waitUntil(let instant): instant
        case .waitFor(let delay): now.advanced(by: max(.zero, delay))
        case .obey(.delay(let delay), _): now.advanced(by: max(.zero, delay))
        case .obey(.date(let date), let serverTime):
            now.advanced(by: max(.zero, (serverTime ?? civilNow()).duration(to: date)))
        }
    }
}
