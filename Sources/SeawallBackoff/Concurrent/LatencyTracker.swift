public import SeawallTime

/// How long the calls to one server take at present: the last so many of them.
///
/// Hedging takes its live delay from it, and a retry its guess whether another attempt could still finish. Share one among
/// like calls. A retry that holds one records its calls by itself: those that succeed, and, as long as they ran, those that
/// it cut off; without these the slow ones would never count and the figures would only ever fall. Hedges do not count.
public final class LatencyTracker: Sendable {
    /// How many durations there must be before it answers.
    public let leastSamples: Int

    private let window: Lock<LatencyWindow>

    /// Makes an empty tracker.
    ///
    /// - Parameters:
    ///   - capacity: how many durations it looks back over, 1 to 10,000; 128 unless told.
    ///   - leastSamples: how many there must be before it answers, 1 to the capacity; 16 unless told.
    /// - Throws: `InvalidFields` that lists every bad field.
    public init(capacity: Int = 128, leastSamples: Int = 16) throws(InvalidFields) {
        var problems = InvalidFields(subject: "latency tracker", fields: [])
        problems.check((1...10_000).contains(capacity), "capacity", capacity, "a whole number from 1 to 10,000")
        problems.check(
            leastSamples >= 1 && leastSamples <= capacity, "leastSamples", leastSamples,
            "a whole number from 1 to the capacity")
        try problems.throwIfAny()
        self.leastSamples = leastSamples
        window = Lock(LatencyWindow(capacity: capacity))
    }

    /// Takes in how long a call took; a negative duration counts as none.
    public func record(_ duration: Duration) {
        let nanoseconds = max(0, duration.wholeNanoseconds)
        window.withLock { $0.record(nanoseconds) }
    }

    /// The duration that so many thousandths of the calls do not pass, or nil before there are enough of them.
    ///
    /// - Parameter permille: 500 is the median; below 1 counts as 1, above 1,000 as 1,000.
    public func quantile(permille: Int) -> Duration? {
        let clamped = min(max(permille, 1), 1_000)
        return window.withLock { window in
            window.count < leastSamples ? nil : window.quantile(permille: clamped).map { .nanoseconds($0) }
        }
    }
}
