internal import SeawallTime
internal import Synchronization

/// A handle on one counter series: a number that never falls.
///
/// Updates take no lock and allocate nothing. Whole increments are kept exactly up to 2^62, where they stop; fractions
/// are kept apart as a `Double`.
public final class Counter: Sendable {
    private static let wholeLimit: UInt64 = 1 << 62

    /// Increments up to this size are added blindly: even a hot loop of them takes years to wrap the word around.
    private static let blindLimit = 1_024

    private let whole = Atomic<UInt64>(0)
    private let fraction = Atomic<UInt64>(0)
    private let faults: MetricFaults

    init(faults: MetricFaults) { self.faults = faults }

    /// The number so far.
    public var value: Double { Double(whole.load(ordering: .relaxed)) + fractionValue }

    /// Adds one.
    public func increment() {
        whole.wrappingAdd(1, ordering: .relaxed)
    }

    /// Adds a whole number; a negative one is refused and counted as a fault.
    public func increment(by amount: Int) {
        if amount < 0 { return faults.count(.refusedUpdate) }
        if amount <= Self.blindLimit {
            whole.wrappingAdd(UInt64(amount), ordering: .relaxed)
        } else {
            addSaturating(UInt64(amount))
        }
    }

    /// Adds a number; a negative one, NaN and infinity are refused and counted as faults.
    public func increment(by amount: Double) {
        guard amount.isFinite, amount >= 0 else { return faults.count(.refusedUpdate) }
        fraction.update { bits in
            let sum = Double(bitPattern: bits) + amount
            return min(sum, .greatestFiniteMagnitude).bitPattern
        }
    }

    func writeValue(into text: inout PrometheusText) {
        let fraction = fractionValue
        let whole = whole.load(ordering: .relaxed)
        if fraction == 0 { text.append(whole) } else { text.append(Double(whole) + fraction) }
    }

    private var fractionValue: Double { Double(bitPattern: fraction.load(ordering: .relaxed)) }

    private func addSaturating(_ amount: UInt64) {
        whole.update { max($0, min($0.addingSaturating(amount), Self.wholeLimit)) }
    }
}
