internal import SeawallTime

/// The calls that an epoch is judged by: its first few, in the order in which they began.
///
/// Taken in the order in which they end, they would be the quick ones. The median is known as soon as half of them have
/// ended, and those that have not have lasted longer.
struct SampleWindow: Sendable {
    private let size: Int
    /// Of those that have ended, shortest first.
    private var latencies: [Int64] = []
    /// How many have begun.
    private var begun = 0
    private var findingLimitInUse = 0
    private var lastBegan = Int64.min

    init(size: Int) {
        self.size = size
        latencies.reserveCapacity(size)
    }

    /// Begins anew, with the calls of another epoch.
    mutating func reopen() {
        latencies.removeAll(keepingCapacity: true)
        begun = 0
        findingLimitInUse = 0
        lastBegan = .min
    }

    /// Whether the limit was in use for half of the calls at least.
    var isOfLimitInUse: Bool { findingLimitInUse * 2 >= begun }

    /// Takes a call in where there is room.
    mutating func begin(_ call: inout ConcurrencyCall) {
        guard begun < size else { return }
        begun += 1
        if call.findsLimitInUse { findingLimitInUse += 1 }
        lastBegan = max(lastBegan, call.began)
        call.isSampled = true
    }

    /// A call of this window has ended.
    mutating func end(_ latency: Int64) {
        latencies.insert(latency, at: latencies.placeInOrder(of: latency))
    }

    /// A call of this window says nothing; another takes its place.
    mutating func leave(_ call: ConcurrencyCall) {
        begun -= 1
        if call.findsLimitInUse { findingLimitInUse -= 1 }
    }

    /// The median of all its calls; nil where it is not known yet.
    func median(now: Int64) -> Int64? {
        let middle = (size - 1) / 2
        guard begun == size, latencies.count > middle else { return nil }
        let median = latencies[middle]
        return latencies.count == size || now.subtractingSaturating(lastBegan) >= median ? median : nil
    }
}

extension [Int64] {
    /// The place before which all are less in an array that is sorted.
    fileprivate func placeInOrder(of value: Int64) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = low + (high - low) / 2
            if self[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
