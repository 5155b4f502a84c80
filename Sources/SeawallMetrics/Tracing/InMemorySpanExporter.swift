internal import SeawallTime

/// Keeps the spans that ended last, for tests and for a look at a running bot.
public final class InMemorySpanExporter: SpanExporter {
    private struct Kept: Sendable {
        var spans: [FinishedSpan] = []
        /// Where the oldest span stands once there are as many as may be.
        var oldest = 0
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
    public var spans: [FinishedSpan] {
        kept.withLock { Array($0.spans[$0.oldest...] + $0.spans[..<$0.oldest]) }
    }

    /// How many spans made room for later ones since it was last emptied.
    public var droppedCount: Int { kept.withLock { $0.dropped } }

    /// Keeps a span; past the capacity the oldest one goes and is counted.
    public func export(_ span: FinishedSpan) {
        kept.withLock { kept in
            guard kept.spans.count >= capacity else { return kept.spans.append(span) }
            kept.spans[kept.oldest] = span
            kept.oldest = (kept.oldest + 1) % capacity
            kept.dropped += 1
        }
    }

    /// Forgets all spans.
    public func removeAll() { kept.withLock { $0 = Kept() } }
}
