internal import SeawallTime

/// A handle on one gauge series: a number that goes up and down.
///
/// Updates take no lock and allocate nothing. Whole numbers are exact up to 2^53. NaN and the infinities may be set and
/// are written as such.
public final class Gauge: Instrument, @unchecked Sendable {
    // Unchecked only for the pointer, which is fixed for the life of the object; its word is an atomic.
    let cell: UnsafeMutablePointer<GaugeCell>
    private let faults: MetricFaults

    init(faults: MetricFaults) {
        self.faults = faults
        cell = .allocate(capacity: 1)
        cell.initialize(to: GaugeCell())
    }

    deinit {
        cell.deinitialize(count: 1)
        cell.deallocate()
    }

    /// The number that was set last, with what was added since.
    public var value: Double { cell.pointee.value }

    /// Sets the number.
    public func set(_ value: Double) {
        cell.pointee.set(value)
    }

    /// Sets the number; whole numbers past 2^53 are rounded.
    public func set(_ value: Int) {
        set(Double(value))
    }

    /// Sets the number to a duration in seconds, exact to 15 digits.
    public func set(_ duration: Duration) {
        // Both are exact below 104 days, so that the quotient is the double nearest to the decimal number.
        set(Double(duration.wholeNanoseconds) / 1e9)
    }

    /// Adds a number, which may be negative; NaN and infinity are refused and counted as faults.
    public func add(_ amount: Double) {
        guard amount.isFinite else { return faults.count(.refusedUpdate) }
        cell.pointee.add(amount)
    }
}
