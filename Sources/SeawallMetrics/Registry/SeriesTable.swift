internal import SeawallTime

/// The series of one metric, by their label values.
///
/// Looking a child up takes a lock; updating it does not come here.
final class SeriesTable<Instrument: Sendable>: Sendable {
    struct Series: Sendable {
        let values: [String]
        let instrument: Instrument

        /// What stands before the value on each of its lines.
        let linePrefixes: [[UInt8]]
    }

    private struct Storage: Sendable {
        var byValues: [[String]: Instrument] = [:]
        var sorted: [Series] = []

        /// How many series there are besides the overflow series.
        var regularCount = 0
    }

    /// The longest label value in bytes of UTF-8; longer ones go to the overflow series.
    static var longestValue: Int { 1024 }

    let descriptor: MetricDescriptor
    private let limit: Int
    private let faults: MetricFaults
    private let make: @Sendable () -> Instrument
    private let overflowValues: [String]
    private let storage = Lock(Storage())

    /// Takes the updates of who asked with the wrong labels; it is in no output.
    private let discarded: Instrument

    init(
        _ descriptor: MetricDescriptor, limit: Int, faults: MetricFaults, make: @escaping @Sendable () -> Instrument
    ) {
        self.descriptor = descriptor
        self.limit = limit
        self.faults = faults
        self.make = make
        overflowValues = descriptor.labelNames.map { _ in MetricsRegistry.overflowLabelValue }
        discarded = make()
        if descriptor.labelNames.isEmpty { _ = child([:]) }
    }

    /// The series in the order of their label values.
    var series: [Series] { storage.withLock { $0.sorted } }

    func child(_ labels: Labels) -> Instrument {
        guard labels.names == descriptor.labelNames else {
            faults.count(.wrongLabels)
            return discarded
        }
        let isTooLong = labels.values.contains { $0.utf8.count > Self.longestValue }
        let (instrument, overflowed) = storage.withLock { storage in
            if let known = storage.byValues[labels.values] { return (known, false) }
            guard isTooLong || storage.regularCount >= limit else {
                storage.regularCount += 1
                return (add(labels.values, to: &storage), false)
            }
            return (storage.byValues[overflowValues] ?? add(overflowValues, to: &storage), true)
        }
        if overflowed { faults.count(.overflow) }
        return instrument
    }

    private func add(_ values: [String], to storage: inout Storage) -> Instrument {
        let series = Series(
            values: values, instrument: make(), linePrefixes: descriptor.linePrefixes(values))
        storage.byValues[values] = series.instrument
        storage.sorted.insert(series, at: position(of: values, in: storage.sorted))
        return series.instrument
    }

    private func position(of values: [String], in sorted: [Series]) -> Int {
        var low = 0
        var high = sorted.count
        while low < high {
            let middle = low + (high - low) / 2
            if sorted[middle].values.lexicographicallyPrecedes(values) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
