internal import SeawallTime

/// Latencies of calls that had the venue to themselves, until there are enough to say what it takes uncrowded.
struct QuietSamples: Sendable {
    private let size: Int
    private let lifetime: Int64
    private var latencies: [Int64] = []
    private var began: Int64 = 0

    /// Samples that may be `lifetime` apart at most.
    init(size: Int, lifetime: Int64) {
        self.size = size
        self.lifetime = lifetime
    }

    /// Takes a latency in, and returns the median of all where they are enough; then it is empty again.
    mutating func add(_ latency: Int64, now: Int64) -> Int64? {
        if latencies.isEmpty || now.subtractingSaturating(began) > lifetime {
            latencies.removeAll(keepingCapacity: true)
            began = now
        }
        latencies.append(latency)
        guard latencies.count >= size else { return nil }
        latencies.sort()
        defer { latencies.removeAll(keepingCapacity: true) }
        return latencies[(latencies.count - 1) / 2]
    }
}
