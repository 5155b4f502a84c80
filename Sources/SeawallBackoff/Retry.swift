public import SeawallTime

/// Calls `operation` until it succeeds, the caller's classification stops it, or the policy runs out.
///
/// The first attempt always begins unless the deadline has passed. A success costs neither a clock read nor an
/// allocation where there is no deadline and no elapsed budget and an environment is handed in.
///
/// Cancellation is never a failure: an operation that throws `CancellationError`, or anything once the task is
/// cancelled, ends the retry with that very error, and a sleep ends with `CancellationError`.
///
/// - Parameters:
///   - policy: attempts, elapsed budget and backoff; the general policy unless told.
///   - environment: time and randomness. Hand in one that you keep: making one allocates.
///   - deadline: no attempt begins at this instant or later, and no sleep is begun that would pass it.
///   - classify: what to make of an error. There is no default: not every error may be repeated.
///   - onRetry: hears of every sleep before it begins.
///   - operation: the call; it is told the number of its attempt, from 1.
/// - Returns: what the first successful call returned.
/// - Throws: the error itself where `classify` says `stop` or the task was cancelled; `BackoffExhausted` where the
///   attempts, the budget or the time ran out.
public func retry<Value>(
    _ policy: RetryPolicy = .general,
    environment: RuntimeEnvironment = RuntimeEnvironment(),
    deadline: MonotonicInstant? = nil,
    classify: (any Error) -> RetryDecision,
    onRetry: (RetryEvent) -> Void = { _ in },
    operation: (_ attempt: Int) async throws -> Value
) async throws -> Value {
    let needsTime = deadline != nil || policy.elapsedBudget != nil
    var now = needsTime ? environment.time.now : .origin
    var state = RetryState(policy: policy, now: now, deadline: deadline)
    var lastError: (any Error)?
    while true {
        if let reason = state.begin(now: now) {
            throw BackoffExhausted(reason: reason, attempts: state.attempts, lastError: lastError)
        }
        do {
            return try await operation(state.attempts)
        } catch {
            if error is CancellationError || Task.isCancelled { throw error }
            let decision = classify(error)
            let random = state.needsRandom && decision != .stop ? environment.random.next() : 0
            now = environment.time.now
            switch state.afterFailure(decision, now: now, random: random) {
            case .giveBack: throw error
            case .exhausted(let reason):
                throw BackoffExhausted(reason: reason, attempts: state.attempts, lastError: error)
            case .sleep(let wake, let delay):
                lastError = error
                onRetry(
                    RetryEvent(
                        attempt: state.attempts, error: error, decision: decision, delay: delay, resumesAt: wake))
                try await environment.time.sleep(until: wake)
                // A sleeper may wake late: past the deadline the attempt is not begun after all.
                if needsTime { now = environment.time.now }
            }
        }
    }
}
