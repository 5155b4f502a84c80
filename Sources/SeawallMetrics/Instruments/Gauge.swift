internal import SeawallTime
internal import Synchronization

/// A handle on one gauge series: a number that goes up and down.
///
/// Updates take no lock and allocate nothing. Whole numbers are exact up to 2^53. NaN and the infinities may be set and
/// are written as such.
public final class Gauge: Sendable {
    private let bits = Atomic<UInt64>(0)
    private let faults: MetricFaults

    init(faults: MetricFaults) { self.faults = faults }

    /// The number that was set last, with what was added since.
    public var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

    /// Sets the number.
    public func set(_ value: Double) {
        bits.store(value.bitPattern, ordering: .relaxed)
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
        bits.update { (Double(bitPattern: $0) + amount).bitPattern }
    }

    func writeValue(into text: inout PrometheusText) {
        text.append(value)
    }
}
