public import SeawallTime

/// Calls a `@Sendable` operation with timeouts and hedging, until it succeeds, is stopped, or the policy runs out.
///
/// For one call; a `ConcurrentRetrier` keeps what many calls share, and counts what was abandoned.
///
/// - Parameters:
///   - policy: attempts, backoff, timeout and hedging.
///   - environment: time, randomness and tasks; the system's unless told.
///   - deadline: no attempt begins that could not end before this instant, and none with a timeout lasts beyond it.
///   - effect: what a second call does; `create` unless told. Hedging needs `read`.
///   - budget: shared by the calls of a client; none unless told.
///   - latency: how long such calls take; hedging by a quantile needs one, and hedges nothing before it has seen some.
///   - classify: what to make of an error; `RetryDecision.cautious(_:)` unless told.
///   - onRetry: hears of every sleep before it begins.
///   - fallback: may answer where the retry ran out, and is told why; nil as an answer is none.
///   - operation: the call; it is told its number and its deadline.
/// - Returns: what the first successful call, or else the fallback, returned.
/// - Throws: as the plain form, and `InvalidFields` before any call where the policy hedges and the effect is not `read`,
///   or where it hedges by a quantile and there is no tracker.
public func retry<Value: Sendable>(
    _ policy: ConcurrentRetryPolicy,
    environment: RuntimeEnvironment = RuntimeEnvironment(),
    deadline: MonotonicInstant? = nil,
    effect: OperationEffect = .create,
    budget: RetryBudget? = nil,
    latency: LatencyTracker? = nil,
    classify: @escaping @Sendable (any Error) -> RetryDecision = { RetryDecision.cautious($0) },
    onRetry: @escaping @Sendable (RetryEvent) -> Void = { _ in },
    fallback: ((BackoffExhausted) async throws -> Value?)? = nil,
    operation: @escaping @Sendable (RetryAttempt) async throws -> Value
) async throws -> Value {
    if latency == nil, case .quantile = policy.hedging?.delay {
        // A tracker made here would have seen nothing, and what was asked for would silently never happen.
        throw InvalidFields(
            subject: "retry",
            fields: [
                .init(
                    name: "latency", value: "none",
                    expected: "a tracker that like calls share, where hedging waits for a quantile; or a fixed delay")
            ])
    }
    let retrier = try ConcurrentRetrier(
        policy, effect: effect, environment: environment, budget: budget, latency: latency, classify: classify,
        onRetry: onRetry)
    return try await retrier.run(deadline: deadline, fallback: fallback, operation: operation)
}
