public import SeawallTime

/// Calls `operation` until it succeeds, the caller's classification stops it, or the policy runs out.
///
/// **With the defaults nothing is repeated**: an operation of which nothing is declared may have done its work before it
/// failed. Declare what a second call does (`effect: .read`, `.idempotent`, `.keyedCreate`), or say of the errors after which
/// nothing was done that they may be repeated (`classify`).
///
/// The first attempt always begins unless it cannot end before the deadline. A success at once costs neither a clock read
/// nor an allocation where there is no deadline, elapsed budget, tracker or fallback.
///
/// Cancellation is never a failure: an operation that throws `CancellationError`, or anything once the task is
/// cancelled, ends the retry with that very error, and a sleep ends with `CancellationError`.
///
/// - Parameters:
///   - policy: attempts, elapsed budget and backoff; the general policy unless told.
///   - environment: time and randomness; made anew where it is needed and not handed in.
///   - deadline: no attempt begins that could not end before this instant, and no sleep that would pass it.
///   - effect: what a second call does; `create` unless told, which is never repeated after an ambiguous failure, and
///     every failure is ambiguous unless `classify` knows better.
///   - budget: shared by the calls of a client; none unless told.
///   - latency: how long such calls take; a repeat that by the median could not end before the deadline is not begun.
///   - classify: what to make of an error; `RetryDecision.cautious(_:)` unless told.
///   - onRetry: hears of every sleep before it begins, on the caller's task.
///   - fallback: may answer where the retry ran out, and is told why; nil as an answer is none. Not for what creates.
///   - operation: the call; it is told its number and its deadline.
/// - Returns: what the first successful call, or else the fallback, returned.
/// - Throws: the error itself where `classify` says `stop`, where it is ambiguous and the operation not idempotent, or
///   where the task was cancelled; `BackoffExhausted` where attempts, time or the budget ran out; what the fallback
///   throws; `InvalidFields`, before any call, where there is a fallback for an operation that creates.
@inlinable
@inline(__always)
public func retry<Value, Failure: Error>(
    _ policy: RetryPolicy = .general,
    environment: @autoclosure () -> RuntimeEnvironment = RuntimeEnvironment(),
    deadline: MonotonicInstant? = nil,
    effect: OperationEffect = .create,
    budget: RetryBudget? = nil,
    latency: LatencyTracker? = nil,
    classify: (any Error) -> RetryDecision = { RetryDecision.cautious($0) },
    onRetry: (RetryEvent) -> Void = { _ in },
    fallback: ((BackoffExhausted) async throws -> Value?)? = nil,
    operation: (RetryAttempt) async throws(Failure) -> Value
) async throws -> Value {
    var first: Failure?
    if deadline == nil, latency == nil, fallback == nil, policy.elapsedBudget == nil {
        do throws(Failure) {
            let value = try await operation(RetryAttempt(number: 1, deadline: nil))
            budget?.succeededAtOnce()
            return value
        } catch {
            first = error
        }
    }
    let run = try RetryRun(
        policy.remade, environment: environment(), deadline: deadline, effect: effect, budget: budget, latency: latency,
        hasFallback: fallback != nil, hasBegun: first != nil)
    return try await retryOn(
        run, first: first, classify: classify, onRetry: onRetry, fallback: fallback, operation: operation)
}

/// The same for an operation that does not want to know which attempt it is.
@inlinable
@inline(__always)
public func retry<Value, Failure: Error>(
    _ policy: RetryPolicy = .general,
    environment: @autoclosure () -> RuntimeEnvironment = RuntimeEnvironment(),
    deadline: MonotonicInstant? = nil,
    effect: OperationEffect = .create,
    budget: RetryBudget? = nil,
    latency: LatencyTracker? = nil,
    classify: (any Error) -> RetryDecision = { RetryDecision.cautious($0) },
    onRetry: (RetryEvent) -> Void = { _ in },
    fallback: ((BackoffExhausted) async throws -> Value?)? = nil,
    operation: () async throws(Failure) -> Value
) async throws -> Value {
    var first: Failure?
    // Written out again: a closure around the operation would cost what the whole path costs.
    if deadline == nil, latency == nil, fallback == nil, policy.elapsedBudget == nil {
        do throws(Failure) {
            let value = try await operation()
            budget?.succeededAtOnce()
            return value
        } catch {
            first = error
        }
    }
    let run = try RetryRun(
        policy.remade, environment: environment(), deadline: deadline, effect: effect, budget: budget, latency: latency,
        hasFallback: fallback != nil, hasBegun: first != nil)
    return try await retryOn(run, first: first, classify: classify, onRetry: onRetry, fallback: fallback) {
        (_) async throws(Failure) in try await operation()
    }
}

/// Goes on after the first attempt, or from the start where it needs more than the call.
@usableFromInline
func retryOn<Value, Failure: Error>(
    _ run: RetryRun,
    first: Failure?,
    classify: (any Error) -> RetryDecision,
    onRetry: (RetryEvent) -> Void,
    fallback: ((BackoffExhausted) async throws -> Value?)?,
    operation: (RetryAttempt) async throws(Failure) -> Value
) async throws -> Value {
    try await runRetry(run, first: first, classify: classify, onRetry: onRetry, fallback: fallback) { run in
        do {
            let value = try await operation(run.attempt)
            run.succeeded(begunAt: run.begunAt)
            return .value(value)
        } catch {
            return .failed(error)
        }
    }
}
