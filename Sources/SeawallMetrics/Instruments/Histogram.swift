public import SeawallTime

/// A handle on one histogram series: how many observations fell under each bound, and their sum.
///
/// An observation takes no lock and allocates nothing. Each bucket keeps its count and its sum in one atomic pair of
/// words, so that a reading is always the exact image of some set of observations: buckets, sum and count agree.
/// Threads that meet on a histogram get a row of buckets each.
///
/// With bounds in durations the sum is kept in whole nanoseconds and is exact up to 292 years in each bucket, where it
/// stops. With bounds in numbers it is a `Double`.
public final class Histogram: Instrument {
    let grid: HistogramGrid
    let table: BoundTable
    private let faults: MetricFaults
    private let exemplarsByBucket = Lock<[Int: Exemplar]>([:])

    init(_ table: BoundTable, faults: MetricFaults) {
        self.table = table
        self.faults = faults
        grid = HistogramGrid(width: table.width)
    }

    /// The number of observations so far.
    public var count: UInt64 { content.count }

    /// The sum of all observations, in seconds where they are durations.
    public var sum: Double { content.sum.asDouble }

    /// Observes a duration; where the bounds are numbers it counts as its seconds.
    ///
    /// A negative duration is refused and counted as a fault where the bounds are durations.
    public func observe(_ duration: Duration) {
        let nanoseconds = duration.quickNanoseconds
        if table.isInNanoseconds { record(nanoseconds) } else { record(Double(nanoseconds) / 1e9) }
    }

    /// Observes a number; where the bounds are durations it counts as seconds, rounded to the nanosecond.
    ///
    /// NaN and infinity are refused and counted as faults, and so is a negative number where the bounds are durations.
    public func observe(_ number: Double) {
        guard number.isFinite else { return faults.count(.refusedUpdate) }
        if table.isInNanoseconds { record(Self.nanoseconds(ofSeconds: number)) } else { record(number) }
    }

    /// Observes a duration and keeps labels that lead to where it happened, such as a trace's id, for OpenMetrics.
    ///
    /// Takes a lock. Labels that no exemplar may have are refused and counted as a fault; the observation counts.
    public func observe(_ duration: Duration, exemplar labels: Labels, at time: CivilInstant? = nil) {
        let nanoseconds = duration.quickNanoseconds
        if table.isInNanoseconds {
            keep(labels, .nanoseconds(nanoseconds), time, record(nanoseconds))
        } else {
            keep(labels, .number(Double(nanoseconds) / 1e9), time, record(Double(nanoseconds) / 1e9))
        }
    }

    /// Observes a number and keeps labels that lead to where it happened, such as a trace's id, for OpenMetrics.
    ///
    /// Takes a lock. Labels that no exemplar may have are refused and counted as a fault; the observation counts.
    public func observe(_ number: Double, exemplar labels: Labels, at time: CivilInstant? = nil) {
        guard number.isFinite else { return faults.count(.refusedUpdate) }
        if table.isInNanoseconds {
            let nanoseconds = Self.nanoseconds(ofSeconds: number)
            keep(labels, .nanoseconds(nanoseconds), time, record(nanoseconds))
        } else {
            keep(labels, .number(number), time, record(number))
        }
    }

    /// The value under which a share of the observations lies, as estimated from the buckets; nil without observations.
    ///
    /// See ``HistogramReading/quantile(_:)``.
    public func quantile(_ share: Double) -> Double? {
        content.quantile(share, bounds: table.bounds.asDoubles)
    }

    /// Everything that was observed, as one consistent image.
    var content: HistogramContent {
        let zero = table.bounds.zeroSum
        var counts = [UInt64](repeating: 0, count: grid.width)
        var sum = zero
        grid.read { bucket, count, bits in
            counts[bucket] = counts[bucket].addingSaturating(count)
            sum.add(bits)
        }
        var running: UInt64 = 0
        for index in counts.indices {
            running = running.addingSaturating(counts[index])
            counts[index] = running
        }
        return HistogramContent(cumulativeCounts: counts, count: running, sum: sum)
    }

    /// The last exemplar of each bucket that has one.
    var exemplars: [Int: Exemplar] { exemplarsByBucket.withLock { $0 } }

    @inline(__always) @discardableResult
    private func record(_ nanoseconds: Int64) -> Int? {
        if nanoseconds < 0 {
            faults.count(.refusedUpdate)
            return nil
        }
        let bucket = table.bucket(of: nanoseconds)
        grid.record(bucket) { bits in
            // Written out: neither is negative, and a generic helper of another module is not inlined here.
            let (sum, overflow) = Int64(bitPattern: bits).addingReportingOverflow(nanoseconds)
            return UInt64(bitPattern: overflow ? .max : sum)
        }
        return bucket
    }

    @inline(__always) @discardableResult
    private func record(_ number: Double) -> Int? {
        let bucket = table.bucket(of: number)
        grid.record(bucket) { bits in
            HistogramSum.clamped(Double(bitPattern: bits) + number).bitPattern
        }
        return bucket
    }

    private func keep(_ labels: Labels, _ value: HistogramSum, _ time: CivilInstant?, _ bucket: Int?) {
        guard let bucket else { return }
        guard let exemplar = Exemplar(labels, value: value, time: time) else {
            return faults.count(.refusedUpdate)
        }
        exemplarsByBucket.withLock { $0[bucket] = exemplar }
    }

    /// Seconds in whole nanoseconds, rounded to the nearest and held within the range.
    @inline(__always)
    private static func nanoseconds(ofSeconds seconds: Double) -> Int64 {
        let nanoseconds = seconds * 1e9
        if nanoseconds >= 0, nanoseconds < 0x1p52 {
            // By hand: the library call for rounding costs as much as the rest.
            let whole = Int64(nanoseconds)
            return nanoseconds - Double(whole) >= 0.5 ? whole &+ 1 : whole
        }
        let rounded = nanoseconds.rounded()
        return Int64(exactly: rounded) ?? (rounded < 0 ? .min : .max)
    }
}

extension Duration {
    /// The same as `wholeNanoseconds`, without a division of 128 bits up to 18 seconds.
    @inline(__always)
    fileprivate var quickNanoseconds: Int64 {
        guard let short = UInt64(exactly: attoseconds) else { return wholeNanoseconds }
        let (quotient, rest) = short.quotientAndRemainder(dividingBy: 1_000_000_000)
        return Int64(truncatingIfNeeded: quotient) &+ (rest == 0 ? 0 : 1)
    }
}
