internal import SeawallTime

/// The core of a latency tracker: the last so many durations, and their quantiles.
struct LatencyWindow: Sendable {
    private let capacity: Int
    private var arrivals: [Int64] = []
    private var oldest = 0
    private var sorted: [Int64] = []

    init(capacity: Int) {
        self.capacity = capacity
        arrivals.reserveCapacity(capacity)
        sorted.reserveCapacity(capacity)
    }

    var count: Int { arrivals.count }

    /// Takes in a duration, in nanoseconds; the oldest leaves a full window.
    mutating func record(_ nanoseconds: Int64) {
        if arrivals.count < capacity {
            arrivals.append(nanoseconds)
        } else {
            sorted.remove(at: firstIndex(notBelow: arrivals[oldest]))
            arrivals[oldest] = nanoseconds
            oldest = (oldest + 1) % capacity
        }
        sorted.insert(nanoseconds, at: firstIndex(notBelow: nanoseconds))
    }

    /// The smallest duration that so many thousandths of all do not pass; nil where there is none.
    func quantile(permille: Int) -> Int64? {
        guard !sorted.isEmpty else { return nil }
        // The nearest rank, rounded up.
        let rank = (sorted.count * permille + 999) / 1_000
        return sorted[min(max(rank, 1), sorted.count) - 1]
    }

    private func firstIndex(notBelow value: Int64) -> Int {
        var low = 0
        var high = sorted.count
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
