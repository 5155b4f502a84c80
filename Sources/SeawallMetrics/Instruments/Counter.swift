public import SeawallTime
internal import Synchronization

/// A handle on one counter series: a number that never falls.
///
/// Updates take no lock and allocate nothing. Whole increments are kept exactly up to 2^62, where they stop; fractions
/// are kept apart as a `Double`. Threads that meet on a counter get a part of it each.
public final class Counter: Instrument, @unchecked Sendable {
    // Unchecked only for the pointer, which is fixed for the life of the object; its words are atomics.
    let cell: UnsafeMutablePointer<CounterCell>
    private let faults: MetricFaults
    private let lastExemplar = Lock(Exemplar?.none)

    init(faults: MetricFaults) {
        self.faults = faults
        cell = .allocate(capacity: 1)
        cell.initialize(to: CounterCell())
    }

    deinit {
        cell.deinitialize(count: 1)
        cell.deallocate()
    }

    /// The number so far.
    public var value: Double { Double(cell.pointee.wholeValue) + cell.pointee.fractionValue }

    /// Adds one.
    public func increment() {
        cell.pointee.addOne()
    }

    /// Adds a whole number; a negative one is refused and counted as a fault.
    public func increment(by amount: Int) {
        if amount < 0 { return faults.count(.refusedUpdate) }
        cell.pointee.add(UInt64(amount))
    }

    /// Adds a number; a negative one, NaN and infinity are refused and counted as faults.
    public func increment(by amount: Double) {
        guard amount.isFinite, amount >= 0 else { return faults.count(.refusedUpdate) }
        cell.pointee.add(amount)
    }

    /// Adds one and keeps labels that lead to where it happened, such as a trace's id, for OpenMetrics.
    ///
    /// Takes a lock. Labels that no exemplar may have are refused and counted as a fault; the increment counts.
    public func increment(exemplar labels: Labels, at time: CivilInstant? = nil) {
        cell.pointee.addOne()
        guard let exemplar = Exemplar(labels, value: .number(1), time: time) else {
            return faults.count(.refusedUpdate)
        }
        lastExemplar.withLock { $0 = exemplar }
        cell.pointee.noteExemplar()
    }

    /// Raises the number to a total that is counted elsewhere, such as by the system; a smaller total changes nothing.
    ///
    /// NaN, infinity and negative totals are refused and counted as faults.
    public func raise(to total: Double) {
        guard total.isFinite, total >= 0 else { return faults.count(.refusedUpdate) }
        cell.pointee.raise(to: total)
    }

    var exemplar: Exemplar? { lastExemplar.withLock { $0 } }
}
