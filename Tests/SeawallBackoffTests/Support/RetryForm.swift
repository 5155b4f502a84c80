import SeawallBackoff
import SeawallTime

/// The ways in which a call can be retried; all draw on the same budget by the same rules.
enum RetryForm: CaseIterable, Sendable {
    case function, synchronous, run, runWithNumber, wrap, wrapWithArgument, concurrent, concurrentWrap

    /// Makes one call of an operation that is told its number.
    func call(
        _ policy: RetryPolicy, time: JumpingTime, budget: RetryBudget,
        classify: @escaping @Sendable (any Error) -> RetryDecision,
        onRetry: @escaping @Sendable (RetryEvent) -> Void = { _ in },
        operation: @escaping @Sendable (Int) throws -> Void
    ) async throws {
        let environment = RuntimeEnvironment.jumping(time)
        let calls = Lock(0)
        let count: @Sendable () throws -> Void = {
            try operation(
                calls.withLock { calls in
                    calls += 1
                    return calls
                })
        }
        let retrier = Retrier(
            policy, effect: .read, environment: environment, budget: budget, classify: classify, onRetry: onRetry)
        let concurrent = try ConcurrentRetrier(
            ConcurrentRetryPolicy(policy), effect: .read, environment: environment, budget: budget, classify: classify,
            onRetry: onRetry)
        switch self {
        case .function:
            try await retry(
                policy, environment: environment, effect: .read, budget: budget, classify: classify, onRetry: onRetry
            ) { () async throws in try count() }
        case .synchronous:
            try retry(
                policy, environment: environment, effect: .read, budget: budget, classify: classify, onRetry: onRetry,
                wait: { time.sleepNow($0) }, operation: { try operation($0.number) })
        case .run: try await retrier.run { () async throws in try count() }
        case .runWithNumber: try await retrier.run { attempt async throws in try operation(attempt.number) }
        case .wrap: try await retrier.wrap { () async throws in try count() }()
        case .wrapWithArgument: try await retrier.wrap { (_: Int) async throws in try count() }(7)
        case .concurrent: try await concurrent.run { attempt async throws in try operation(attempt.number) }
        case .concurrentWrap: try await concurrent.wrap { () async throws in try count() }()
        }
    }
}
