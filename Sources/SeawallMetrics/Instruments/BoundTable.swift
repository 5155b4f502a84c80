/// The bounds of a family's histograms, laid out to be searched quickly.
final class BoundTable: @unchecked Sendable {
    // Unchecked only for the pointer, whose memory is written once before anyone else sees it.
    let bounds: HistogramBounds
    let isInNanoseconds: Bool
    private let count: Int

    /// The bounds as whole numbers of the same order.
    private let keys: UnsafeMutablePointer<UInt64>

    init(_ bounds: HistogramBounds) {
        self.bounds = bounds
        count = bounds.count
        keys = .allocate(capacity: max(1, bounds.count))
        switch bounds {
        case .nanoseconds(let bounds):
            isInNanoseconds = true
            keys.initialize(from: bounds.map { Self.key($0) }, count: bounds.count)
        case .numbers(let bounds):
            isInNanoseconds = false
            keys.initialize(from: bounds.map { Self.key($0) }, count: bounds.count)
        }
    }

    deinit { keys.deallocate() }

    /// How many buckets there are, the one without bound included.
    var width: Int { count + 1 }

    @inline(__always)
    func bucket(of nanoseconds: Int64) -> Int { bucket(ofKey: Self.key(nanoseconds)) }

    @inline(__always)
    func bucket(of number: Double) -> Int { bucket(ofKey: Self.key(number)) }

    /// How many bounds lie under the value: the bucket that it belongs to.
    ///
    /// Few bounds are all compared, since a branch that the processor guesses wrong costs more than the rest of them.
    @inline(__always)
    private func bucket(ofKey key: UInt64) -> Int {
        var low = keys
        var length = count
        while length > 16 {
            let half = length &>> 1
            low = low[half &- 1] < key ? low + half : low
            length &-= half
        }
        var bucket = (UInt(bitPattern: low) &- UInt(bitPattern: keys)) &>> 3
        var index = 0
        while index < length {
            // Written as a borrow, so that no branch is made of it.
            bucket &+= low[index].subtractingReportingOverflow(key).overflow ? 1 : 0
            index &+= 1
        }
        return Int(truncatingIfNeeded: bucket)
    }

    /// With the sign turned over, whole numbers keep their order as words.
    @inline(__always)
    private static func key(_ nanoseconds: Int64) -> UInt64 { UInt64(bitPattern: nanoseconds) ^ 1 << 63 }

    /// A number's bits have its order once those under zero are turned over; minus zero is zero.
    @inline(__always)
    private static func key(_ number: Double) -> UInt64 {
        let bits = (number + 0).bitPattern
        return bits ^ (UInt64(bitPattern: Int64(bitPattern: bits) &>> 63) | 1 << 63)
    }
}
