public import SeawallTime

/// A policy with everything that a client's calls share: it runs and wraps operations.
///
/// It takes a plain policy only: what needs tasks of its own, timeouts and hedging, is a `ConcurrentRetrier`'s.
public struct Retrier: Sendable {
    /// What it holds, behind one reference: a copy, and a closure around it, must not cost a retain for each part.
    @usableFromInline
    final class Parts: Sendable {
        @usableFromInline let policy: RetryPolicy
        @usableFromInline let effect: OperationEffect
        @usableFromInline let budget: RetryBudget?
        @usableFromInline let latency: LatencyTracker?
        @usableFromInline let environment: RuntimeEnvironment
        @usableFromInline let classify: @Sendable (any Error) -> RetryDecision
        @usableFromInline let onRetry: @Sendable (RetryEvent) -> Void

        /// True where a first attempt without a deadline or a fallback needs nothing but to be made.
        @usableFromInline let isPlain: Bool

        init(
            policy: RetryPolicy, effect: OperationEffect, budget: RetryBudget?, latency: LatencyTracker?,
            environment: RuntimeEnvironment, classify: @escaping @Sendable (any Error) -> RetryDecision,
            onRetry: @escaping @Sendable (RetryEvent) -> Void
        ) {
            self.policy = policy
            self.effect = effect
            self.budget = budget
            self.latency = latency
            self.environment = environment
            self.classify = classify
            self.onRetry = onRetry
            isPlain = latency == nil && policy.elapsedBudget == nil
        }

        /// Starts a retry, before its first attempt or after it.
        @usableFromInline
        func begin(
            deadline: MonotonicInstant?, hasFallback: Bool, hasBegun: Bool
        ) throws(InvalidFields) -> RetryRun {
            try RetryRun(
                policy, environment: environment, deadline: deadline, effect: effect, budget: budget, latency: latency,
                hasFallback: hasFallback, hasBegun: hasBegun)
        }
    }

    @usableFromInline let parts: Parts

    /// Attempts, elapsed budget and backoff.
    public var policy: RetryPolicy { parts.policy }

    /// What a second call does.
    public var effect: OperationEffect { parts.effect }

    /// What all its calls may repeat together; nil where nothing bounds that.
    public var budget: RetryBudget? { parts.budget }

    /// How long its calls take; nil where nobody measures.
    public var latency: LatencyTracker? { parts.latency }

    /// Makes a retrier.
    ///
    /// - Parameters:
    ///   - policy: attempts, elapsed budget and backoff; the general policy unless told.
    ///   - effect: what a second call does; `create` unless told, which is never repeated after an ambiguous failure.
    ///   - environment: time and randomness; the system's unless told.
    ///   - budget: shared by the calls of a client; none unless told.
    ///   - latency: shared by like calls; none unless told.
    ///   - classify: what to make of an error; `RetryDecision.cautious(_:)` unless told.
    ///   - onRetry: hears of every sleep before it begins.
    public init(
        _ policy: RetryPolicy = .general,
        effect: OperationEffect = .create,
        environment: RuntimeEnvironment = RuntimeEnvironment(),
        budget: RetryBudget? = nil,
        latency: LatencyTracker? = nil,
        classify: @escaping @Sendable (any Error) -> RetryDecision = { RetryDecision.cautious($0) },
        onRetry: @escaping @Sendable (RetryEvent) -> Void = { _ in }
    ) {
        parts = Parts(
            policy: policy, effect: effect, budget: budget, latency: latency, environment: environment,
            classify: classify, onRetry: onRetry)
    }

    /// Calls `operation` until it succeeds, is stopped, or the policy runs out; see `retry` for what is thrown.
    ///
    /// - Parameters:
    ///   - deadline: no attempt begins that could not end before this instant, and no sleep that would pass it.
    ///   - fallback: may answer where the retry ran out, and is told why; nil as an answer is none.
    ///   - operation: the call; it is told its number and its deadline.
    @inlinable
    @inline(__always)
    public func run<Value, Failure: Error>(
        deadline: MonotonicInstant? = nil,
        fallback: ((BackoffExhausted) async throws -> Value?)? = nil,
        operation: (RetryAttempt) async throws(Failure) -> Value
    ) async throws -> Value {
        var first: Failure?
        if parts.isPlain, deadline == nil, fallback == nil {
            do throws(Failure) {
                let value = try await operation(RetryAttempt(number: 1, deadline: nil))
                parts.budget?.succeededAtOnce()
                return value
            } catch {
                first = error
            }
        }
        let run = try parts.begin(deadline: deadline, hasFallback: fallback != nil, hasBegun: first != nil)
        return try await retryOn(
            run, first: first, classify: parts.classify, onRetry: parts.onRetry, fallback: fallback,
            operation: operation)
    }

    /// The same for an operation that does not want to know which attempt it is.
    @inlinable
    @inline(__always)
    public func run<Value, Failure: Error>(
        deadline: MonotonicInstant? = nil,
        fallback: ((BackoffExhausted) async throws -> Value?)? = nil,
        operation: () async throws(Failure) -> Value
    ) async throws -> Value {
        var first: Failure?
        // Written out again: a closure around the operation would cost what the whole path costs.
        if parts.isPlain, deadline == nil, fallback == nil {
            do throws(Failure) {
                let value = try await operation()
                parts.budget?.succeededAtOnce()
                return value
            } catch {
                first = error
            }
        }
        let run = try parts.begin(deadline: deadline, hasFallback: fallback != nil, hasBegun: first != nil)
        return try await retryOn(
            run, first: first, classify: parts.classify, onRetry: parts.onRetry, fallback: fallback
        ) { (_) async throws(Failure) in try await operation() }
    }

    /// A function that calls `operation`, again and again while that is worth it.
    @inlinable
    @inline(__always)
    public func wrap<Value>(
        _ operation: @escaping () async throws -> Value
    ) -> () async throws -> Value {
        { try await run(operation: operation) }
    }

    /// A function that calls `operation` with its argument, again and again while that is worth it.
    @inlinable
    @inline(__always)
    public func wrap<Argument, Value>(
        _ operation: @escaping (Argument) async throws -> Value
    ) -> (Argument) async throws -> Value {
        { argument in try await run { () async throws in try await operation(argument) } }
    }
}
