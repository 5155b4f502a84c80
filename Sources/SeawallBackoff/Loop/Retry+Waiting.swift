public import SeawallTime

/// Calls a synchronous `operation` until it succeeds, is stopped, or the policy runs out, waiting by a function of yours.
///
/// For code that owns its thread. Everything is as in the asynchronous form, but there is no fallback and no latency
/// tracker, and what `wait` throws ends the retry.
///
/// - Parameters:
///   - policy: attempts, elapsed budget and backoff; the general policy unless told.
///   - environment: randomness, and the clock by which the end of a wait is told; made anew where it is needed and not
///     handed in.
///   - deadline: no attempt begins that could not end before this instant, and no wait that would pass it.
///   - effect: what a second call does; `create` unless told, which is never repeated after an ambiguous failure.
///   - budget: shared by the calls of a client; none unless told.
///   - classify: what to make of an error; `RetryDecision.cautious(_:)` unless told.
///   - onRetry: hears of every wait before it begins.
///   - wait: blocks for as long as it is told. Where it comes back early by the environment's clock, it is called again with
///     what is left: no wait is shorter than was asked for.
///   - operation: the call; it is told its number and its deadline.
/// - Throws: as the asynchronous form, and what `wait` throws.
@inlinable
@inline(__always)
public func retry<Value, Failure: Error>(
    _ policy: RetryPolicy = .general,
    environment: @autoclosure () -> RuntimeEnvironment = RuntimeEnvironment(),
    deadline: MonotonicInstant? = nil,
    effect: OperationEffect = .create,
    budget: RetryBudget? = nil,
    classify: (any Error) -> RetryDecision = { RetryDecision.cautious($0) },
    onRetry: (RetryEvent) -> Void = { _ in },
    wait: (Duration) throws -> Void,
    operation: (RetryAttempt) throws(Failure) -> Value
) throws -> Value {
    var first: Failure?
    if deadline == nil, policy.elapsedBudget == nil {
        do throws(Failure) {
            let value = try operation(RetryAttempt(number: 1, deadline: nil))
            budget?.succeededAtOnce()
            return value
        } catch {
            first = error
        }
    }
    let run = try RetryRun(
        policy.remade, environment: environment(), deadline: deadline, effect: effect, budget: budget, latency: nil,
        hasFallback: false, hasBegun: first != nil)
    return try retryOn(
        run, first: first, classify: classify, onRetry: onRetry, wait: wait, operation: operation)
}

/// Goes on after the first attempt, or from the start where it needs more than the call.
@usableFromInline
func retryOn<Value>(
    _ initial: RetryRun,
    first: (any Error)?,
    classify: (any Error) -> RetryDecision,
    onRetry: (RetryEvent) -> Void,
    wait: (Duration) throws -> Void,
    operation: (RetryAttempt) throws -> Value
) throws -> Value {
    var run = initial
    var failed = first
    while true {
        if let error = failed {
            switch run.after(error, classify: classify) {
            case .giveBack: throw error
            case .end(let why): throw why
            case .backOff(let wake, let event, let why):
                onRetry(event)
                try run.wait(until: wake, by: wait)
                throw why
            case .sleep(let wake, let event):
                onRetry(event)
                do {
                    try run.wait(until: wake, by: wait)
                } catch {
                    run.giveUpRepeat()
                    throw error
                }
            }
        }
        if let why = run.begin() { throw why }
        do {
            let value = try operation(run.attempt)
            run.succeeded(begunAt: run.begunAt)
            return value
        } catch {
            failed = error
        }
    }
}
