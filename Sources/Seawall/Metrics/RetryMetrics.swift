internal import SeawallBackoff
internal import SeawallBroker
internal import SeawallMetrics

/// Repeats of reads, and what is left of the budget that they draw on.
final class RetryMetrics: Sendable {
    static let reasons = ["backoff", "retry_after"]
    static let ends = ["attempts", "elapsed", "deadline", "budget", "retry_after"]

    /// What was repeated or given up, and why.
    private struct Cause: Hashable, Sendable {
        var operation: BrokerOperation
        var reason: String
    }

    private let retries: KnownSeries<Cause, Counter>
    private let exhausted: KnownSeries<Cause, Counter>
    private let tokens: ScopedFamily<Gauge>
    private let capacity: ScopedFamily<Gauge>
    private let refusals: ScopedFamily<Counter>

    init(_ scope: MetricsScope, operations: [BrokerOperation]) throws {
        let repeated = operations.filter { $0 == .timer || !$0.changesOrders }
        func series(_ family: ScopedFamily<Counter>, _ reasons: [String]) -> KnownSeries<Cause, Counter> {
            let causes = repeated.flatMap { operation in reasons.map { Cause(operation: operation, reason: $0) } }
            return KnownSeries(family, of: causes, scope) { cause in
                [("operation", cause.operation.rawValue), ("reason", cause.reason)]
            }
        }
        retries = series(
            try scope.counter(
                "retries_total", "Repeats of reads, counted before their wait.", "operation", "reason"), Self.reasons)
        exhausted = series(
            try scope.counter(
                "retries_exhausted_total", "Reads that were given up after a failure that was worth a repeat.",
                "operation", "reason"), Self.ends)
        tokens = try scope.gauge("retry_budget_tokens", "What is left of a retry budget.", "budget")
        capacity = try scope.gauge("retry_budget_capacity", "What a full retry budget holds.", "budget")
        refusals = try scope.counter(
            "retry_budget_refusals_total", "Repeats that a retry budget had nothing left for.", "budget")
    }

    /// A read is about to wait; where its budget is empty that is no repeat.
    func waits(_ operation: BrokerOperation, _ event: RetryEvent) {
        guard event.reason != .budget else { return }
        let reason = event.reason == .retryAfter ? "retry_after" : "backoff"
        retries[Cause(operation: operation, reason: reason)].increment()
    }

    /// A read was given up.
    func ranOut(_ operation: BrokerOperation, _ error: BackoffExhausted) {
        let reason = error.reason == .retryAfter ? "retry_after" : error.reason.rawValue
        exhausted[Cause(operation: operation, reason: reason)].increment()
    }

    /// Shows a budget as it is whenever somebody reads the metrics.
    func watch(_ budget: RetryBudget, _ sources: MetricsSources) {
        let label = ("budget", budget.name)
        let tokens = tokens.with(label)
        let refusals = FollowedTotal(refusals.with(label))
        capacity.with(label).set(budget.configuration.capacity)
        sources.add {
            tokens.set(budget.tokens)
            refusals.follow(UInt64(clamping: budget.refusals))
        }
    }
}
