internal import SeawallBackoff
internal import SeawallBroker
internal import SeawallMetrics

/// Repeats of reads, and what is left of the budget that they draw on.
final class RetryMetrics: Sendable {
    static let reasons = ["backoff", "retry_after"]
    static let ends = ["attempts", "elapsed", "deadline", "budget", "retry_after"]

    private let retries: ScopedFamily<Counter>
    private let exhausted: ScopedFamily<Counter>
    private let tokens: ScopedFamily<Gauge>
    private let capacity: ScopedFamily<Gauge>
    private let refusals: ScopedFamily<Counter>

    init(_ scope: MetricsScope, operations: [BrokerOperation]) throws {
        retries = try scope.counter(
            "retries_total", "Repeats of reads, counted before their wait.", "operation", "reason")
        exhausted = try scope.counter(
            "retries_exhausted_total", "Reads that were given up after a failure that was worth a repeat.",
            "operation", "reason")
        tokens = try scope.gauge("retry_budget_tokens", "What is left of a retry budget.", "budget")
        capacity = try scope.gauge("retry_budget_capacity", "What a full retry budget holds.", "budget")
        refusals = try scope.counter(
            "retry_budget_refusals_total", "Repeats that a retry budget had nothing left for.", "budget")
        for operation in operations where operation == .timer || !operation.changesOrders {
            let label = ("operation", operation.rawValue)
            for reason in Self.reasons { retries.with(label, ("reason", reason)) }
            for reason in Self.ends { exhausted.with(label, ("reason", reason)) }
        }
    }

    /// A read is about to wait; where its budget is empty that is no repeat.
    func waits(_ operation: BrokerOperation, _ event: RetryEvent) {
        guard event.reason != .budget else { return }
        let reason = event.reason == .retryAfter ? "retry_after" : "backoff"
        retries.with(("operation", operation.rawValue), ("reason", reason)).increment()
    }

    /// A read was given up.
    func ranOut(_ operation: BrokerOperation, _ error: BackoffExhausted) {
        let reason = error.reason == .retryAfter ? "retry_after" : error.reason.rawValue
        exhausted.with(("operation", operation.rawValue), ("reason", reason)).increment()
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
