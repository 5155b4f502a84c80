internal import SeawallTime

/// The last summaries of a registry, kept in memory.
public final class MetricsHistory: Sendable {
    /// The most summaries it keeps.
    public let capacity: Int

    private let registry: MetricsRegistry
    private let kept = Lock<[MetricsSummary]>([])

    /// Makes an empty history.
    ///
    /// - Parameters:
    ///   - registry: What the summaries are taken of.
    ///   - capacity: The most summaries it keeps, the oldest goes first; less than 1 counts as 1. Each is about as large as
    ///     the text of the metrics.
    public init(of registry: MetricsRegistry, capacity: Int = 100) {
        self.registry = registry
        self.capacity = max(1, capacity)
    }

    /// Takes a summary of now and keeps it.
    @discardableResult
    public func take() -> MetricsSummary {
        let summary = registry.summary()
        kept.withLock { kept in
            if kept.count >= capacity { kept.removeFirst(kept.count - capacity + 1) }
            kept.append(summary)
        }
        return summary
    }

    /// The last summaries, at most so many, the newest last.
    public func snapshots(limit: Int = 100) -> [MetricsSummary] {
        kept.withLock { Array($0.suffix(max(0, limit))) }
    }
}
