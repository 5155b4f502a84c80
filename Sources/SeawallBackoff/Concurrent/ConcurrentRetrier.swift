public import SeawallTime

/// A concurrent policy with everything that a client's calls share: it runs and wraps `@Sendable` operations.
///
/// Copies share budget, tracker and counter.
public struct ConcurrentRetrier: Sendable {
    /// Attempts, backoff, timeout and hedging.
    public let policy: ConcurrentRetryPolicy

    /// What a second call does.
    public let effect: OperationEffect

    /// What all its calls may repeat together; nil where nothing bounds that.
    public let budget: RetryBudget?

    /// How long its calls take; there is one where the policy hedges by a quantile.
    public let latency: LatencyTracker?

    /// The attempts that it has left behind.
    public let abandoned = AbandonedAttempts()

    private let environment: RuntimeEnvironment
    private let classify: @Sendable (any Error) -> RetryDecision
    private let onRetry: @Sendable (RetryEvent) -> Void

    /// Makes a retrier.
    ///
    /// - Parameters:
    ///   - policy: attempts, backoff, timeout and hedging.
    ///   - effect: what a second call does; `create` unless told. Hedging needs `read`.
    ///   - environment: time, randomness and tasks; the system's unless told.
    ///   - budget: shared by the calls of a client; none unless told.
    ///   - latency: shared by like calls; where the policy hedges by a quantile and none is given, one is made.
    ///   - classify: what to make of an error; `RetryDecision.cautious(_:)` unless told. An attempt that timed out comes as
    ///     `AttemptTimedOut`, and is ambiguous whatever is said of it.
    ///   - onRetry: hears of every sleep before it begins.
    /// - Throws: `InvalidFields` where the policy hedges and the effect is not `read`.
    public init(
        _ policy: ConcurrentRetryPolicy,
        effect: OperationEffect = .create,
        environment: RuntimeEnvironment = RuntimeEnvironment(),
        budget: RetryBudget? = nil,
        latency: LatencyTracker? = nil,
        classify: @escaping @Sendable (any Error) -> RetryDecision = { RetryDecision.cautious($0) },
        onRetry: @escaping @Sendable (RetryEvent) -> Void = { _ in }
    ) throws(InvalidFields) {
        var problems = InvalidFields(subject: "retry", fields: [])
        problems.check(
            policy.hedging == nil || effect == .read, "effect", effect, "read where there is hedging")
        try problems.throwIfAny()
        self.policy = policy
        self.effect = effect
        self.environment = environment
        self.budget = budget
        if latency == nil, case .quantile = policy.hedging?.delay {
            self.latency = try LatencyTracker()
        } else {
            self.latency = latency
        }
        self.classify = classify
        self.onRetry = onRetry
    }

    /// Calls `operation` until it succeeds, is stopped, or the policy runs out; see the plain `retry` for what is thrown.
    ///
    /// - Parameters:
    ///   - deadline: no attempt begins that could not end before this instant, and none with a timeout lasts beyond it.
    ///   - fallback: may answer where the retry ran out, and is told why; nil as an answer is none.
    ///   - operation: the call; with hedging several run at once.
    public func run<Value: Sendable>(
        deadline: MonotonicInstant? = nil,
        fallback: ((BackoffExhausted) async throws -> Value?)? = nil,
        operation: @escaping @Sendable (RetryAttempt) async throws -> Value
    ) async throws -> Value {
        let run = try RetryRun(
            policy.retry, environment: environment, deadline: deadline, effect: effect, budget: budget,
            latency: latency, timeout: policy.attemptTimeout?.duration, hasFallback: fallback != nil)
        let runner = AttemptRunner(
            timeout: policy.attemptTimeout, environment: environment, abandoned: abandoned, operation: operation)
        return try await runRetry(run, first: nil, classify: classify, onRetry: onRetry, fallback: fallback) { run in
            if let hedging = policy.hedging, let delay = delay(of: hedging) {
                return await HedgedAttempt(hedging: hedging, delay: delay, runner: runner)
                    .run(&run, classify: classify)
            }
            do {
                let value = try await runner.run(run.attempt, begunAt: run.begunAt)
                run.succeeded(begunAt: run.begunAt)
                return .value(value)
            } catch {
                if error is AttemptTimedOut { run.cutOff(begunAt: run.begunAt) }
                return .failed(error)
            }
        }
    }

    /// The same for an operation that does not want to know which attempt it is.
    public func run<Value: Sendable>(
        deadline: MonotonicInstant? = nil,
        fallback: ((BackoffExhausted) async throws -> Value?)? = nil,
        operation: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await run(deadline: deadline, fallback: fallback) { _ in try await operation() }
    }

    /// A function that calls `operation`, again and again while that is worth it.
    public func wrap<Value: Sendable>(
        _ operation: @escaping @Sendable () async throws -> Value
    ) -> @Sendable () async throws -> Value {
        { try await run(operation: operation) }
    }

    /// A function that calls `operation` with its argument, again and again while that is worth it.
    public func wrap<Argument: Sendable, Value: Sendable>(
        _ operation: @escaping @Sendable (Argument) async throws -> Value
    ) -> @Sendable (Argument) async throws -> Value {
        { argument in try await run { () async throws in try await operation(argument) } }
    }

    private func delay(of hedging: Hedging) -> Duration? {
        switch hedging.delay {
        case .fixed(let delay): delay
        case .quantile(let permille, let minimum):
            latency?.quantile(permille: permille).map { max($0, minimum) }
        }
    }
}
