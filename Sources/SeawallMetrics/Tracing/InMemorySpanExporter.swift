internal import SeawallTime

/// Keeps the spans that ended last, for tests and for a look at a running bot.
public final class InMemorySpanExporter: SpanExporter {
    private struct Kept: Sendable {
        var spans: [FinishedSpan] = []
        var dropped = 0
    }

    /// The most spans it keeps.
    public let capacity: Int

    private let kept = Lock(Kept())

    /// Makes an empty exporter that keeps at most so many spans; less than 1 counts as 1.
    public init(capacity: Int = 10_000) {
        self.capacity = max(1, capacity)
    }

    /// The spans in the order in which they ended, inner before outer.
    public var spans: [FinishedSpan] { kept.withLock { $0.spans } }

    /// How many spans there was no room for.
    public var droppedCount: Int { kept.withLock { $0.dropped } }

    /// Keeps a span; past the capacity new ones are dropped and counted.
    public func export(_ span: FinishedSpan) {
        kept.withLock { kept in
            if kept.spans.count < capacity { kept.spans.append(span) } else { kept.dropped += 1 }
        }
    }

    /// Forgets all spans.
    public func removeAll() { kept.withLock { $0 = Kept() } }
}
