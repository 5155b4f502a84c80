internal import SeawallTime

/// A handle on one histogram series: how many observations fell under each bound, and their sum.
///
/// An observation takes no lock and allocates nothing. Each bucket keeps its count and its sum in one atomic pair of
/// words, so that a reading is always the exact image of some set of observations: buckets, sum and count agree.
///
/// With bounds in durations the sum is kept in whole nanoseconds and is exact up to 292 years in each bucket, where it
/// stops. With bounds in numbers it is a `Double`.
public final class Histogram: @unchecked Sendable {
    // Unchecked only for the pointer, which is fixed for the life of the object; its cells are atomics.
    private let cells: UnsafeMutablePointer<HistogramCell>
    private let bounds: HistogramBounds
    private let faults: MetricFaults

    init(_ bounds: HistogramBounds, faults: MetricFaults) {
        self.bounds = bounds
        self.faults = faults
        cells = .allocate(capacity: bounds.count + 1)
        for index in 0...bounds.count { (cells + index).initialize(to: HistogramCell()) }
    }

    deinit {
        cells.deinitialize(count: bounds.count + 1)
        cells.deallocate()
    }

    /// The number of observations so far.
    public var count: UInt64 { content.count }

    /// The sum of all observations, in seconds where they are durations.
    public var sum: Double { content.sum.asDouble }

    /// Observes a duration; where the bounds are numbers it counts as its seconds.
    ///
    /// A negative duration is refused and counted as a fault where the bounds are durations.
    public func observe(_ duration: Duration) {
        switch bounds {
        case .nanoseconds(let bounds): record(nanoseconds: duration.wholeNanoseconds, bounds)
        case .numbers(let bounds): record(number: Double(duration.wholeNanoseconds) / 1e9, bounds)
        }
    }

    /// Observes a number; where the bounds are durations it counts as seconds, rounded to the nanosecond.
    ///
    /// NaN and infinity are refused and counted as faults, and so is a negative number where the bounds are durations.
    public func observe(_ number: Double) {
        guard number.isFinite else { return faults.count(.refusedUpdate) }
        switch bounds {
        case .nanoseconds(let bounds):
            let nanoseconds = (number * 1e9).rounded()
            let whole = Int64(exactly: nanoseconds) ?? (nanoseconds < 0 ? .min : .max)
            record(nanoseconds: whole, bounds)
        case .numbers(let bounds):
            record(number: number, bounds)
        }
    }

    /// Everything that was observed, as one consistent image.
    var content: HistogramContent {
        var running: UInt64 = 0
        var cumulative: [UInt64] = []
        cumulative.reserveCapacity(bounds.count + 1)
        var sum = bounds.zeroSum
        for index in 0...bounds.count {
            let (count, bits) = cells[index].load()
            running = running.addingSaturating(count)
            cumulative.append(running)
            sum.add(bits)
        }
        return HistogramContent(cumulativeCounts: cumulative, count: running, sum: sum)
    }

    private func record(nanoseconds: Int64, _ bounds: [Int64]) {
        if nanoseconds < 0 { return faults.count(.refusedUpdate) }
        cells[position(of: nanoseconds, in: bounds)].record { bits in
            // Written out: neither is negative, and a generic helper of another module is not inlined here.
            let (sum, overflow) = Int64(bitPattern: bits).addingReportingOverflow(nanoseconds)
            return UInt64(bitPattern: overflow ? .max : sum)
        }
    }

    private func record(number: Double, _ bounds: [Double]) {
        cells[position(of: number, in: bounds)].record { bits in
            HistogramSum.clamped(Double(bitPattern: bits) + number).bitPattern
        }
    }

    @inline(__always)
    private func position<Value: Comparable>(of value: Value, in bounds: [Value]) -> Int {
        var index = 0
        while index < bounds.count, bounds[index] < value { index += 1 }
        return index
    }
}
