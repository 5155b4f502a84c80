internal import SeawallMetrics
internal import SeawallTime

/// Raises a counter by what a total that is kept elsewhere has grown by since it was last read.
///
/// A total that fell has begun anew.
final class FollowedTotal: Sendable {
    private let counter: Counter
    private let last = Lock(UInt64(0))

    init(_ counter: Counter) { self.counter = counter }

    /// Takes the total as it is now; totals must come in the order in which they were read.
    func follow(_ total: UInt64) {
        let growth = last.withLock { last in
            defer { last = total }
            return total >= last ? total - last : total
        }
        if growth > 0 { counter.increment(by: Int(clamping: growth)) }
    }
}
