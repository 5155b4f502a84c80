internal import SeawallTime

/// A phase that has begun, or whose end is known.
public final class PhaseSample: Sendable {
    private let histogram: Histogram
    private let began: MonotonicInstant
    private let time: any TimeSource
    private let ended = Lock(Duration?.none)

    init(_ histogram: Histogram, since began: MonotonicInstant, time: any TimeSource) {
        self.histogram = histogram
        self.began = began
        self.time = time
    }

    /// How long it took; so far, where it has not ended.
    public var duration: Duration { ended.withLock { $0 } ?? began.duration(to: time.now) }

    /// Ends the phase and records it; a second end changes nothing.
    public func end() {
        let duration = ended.withLock { ended -> Duration? in
            guard ended == nil else { return nil }
            ended = began.duration(to: time.now)
            return ended
        }
        if let duration { histogram.observe(duration) }
    }
}
