internal import SeawallTime

/// The series of one metric, by their label values.
///
/// Looking up a child that is there takes no lock; updating it does not come here.
final class SeriesTable: Sendable {
    private struct Storage: Sendable {
        var sorted: [Series] = []
        var overflow: Series?
        var plans: [MetricsTextFormat: TextPlan] = [:]
        var callbacks: [Callback] = []

        /// How many series there are besides the overflow series.
        var regularCount: Int { sorted.count - (overflow == nil ? 0 : 1) }
    }

    private struct Callback: Sendable {
        let gauge: Gauge
        let read: @Sendable () -> Double
    }

    let descriptor: MetricDescriptor
    private let limit: Int
    private let faults: MetricFaults
    private let time: any TimeSource
    private let make: @Sendable () -> any Instrument
    private let storage = Lock(Storage())
    private let index = SeriesIndex()

    // The names apart, since to look into an array counts references.
    private let firstName: String
    private let secondName: String
    private let nameCount: Int

    /// Takes the updates of who asked with the wrong labels; it is in no output.
    private let discarded: any Instrument

    init(
        _ descriptor: MetricDescriptor, limit: Int, time: any TimeSource, faults: MetricFaults,
        make: @escaping @Sendable () -> any Instrument
    ) {
        self.descriptor = descriptor
        self.limit = limit
        self.time = time
        self.faults = faults
        self.make = make
        nameCount = descriptor.labelNames.count
        firstName = descriptor.labelNames.first ?? ""
        secondName = descriptor.labelNames.dropFirst().first ?? ""
        discarded = make()
        if descriptor.labelNames.isEmpty { _ = child([:]) }
    }

    /// The series in the order of their label values.
    var series: [Series] { storage.withLock { $0.sorted } }

    func child(_ labels: Labels) -> AnyObject {
        guard labels.names == descriptor.labelNames else { return wrongLabels() }
        return child(values: labels.values)
    }

    /// The child with these labels if it is there; makes none.
    func known(_ labels: Labels) -> AnyObject? {
        guard labels.names == descriptor.labelNames else { return nil }
        let values = labels.values.map(\.shown)
        return find(Self.hash(values), values)
    }

    func child(_ label: (name: String, value: String)) -> AnyObject {
        guard nameCount == 1, label.name == firstName else { return wrongLabels() }
        let found = label.value.utf8.withContiguousStorageIfAvailable { value in
            var hash = LabelHash()
            hash.combine(value.baseAddress, value.count)
            return index.find(hash.state) { key in
                var cursor = key
                return SeriesEntry.takes(&cursor, value.baseAddress, value.count)
            }
        }
        if let found = found ?? nil { return found.pointee.instrument.takeUnretainedValue() }
        return child(values: [label.value])
    }

    func child(_ first: (name: String, value: String), _ second: (name: String, value: String)) -> AnyObject {
        guard nameCount == 2 else { return wrongLabels() }
        if first.name == firstName, second.name == secondName { return child(first.value, second.value) }
        if first.name == secondName, second.name == firstName { return child(second.value, first.value) }
        return wrongLabels()
    }

    @inline(__always)
    private func child(_ first: String, _ second: String) -> AnyObject {
        // Both at once, since to get at the bytes of a short text copies it.
        let found = first.utf8.withContiguousStorageIfAvailable { one in
            second.utf8.withContiguousStorageIfAvailable { other in
                var hash = LabelHash()
                hash.combine(one.baseAddress, one.count)
                hash.combine(other.baseAddress, other.count)
                return index.find(hash.state) { key in
                    var cursor = key
                    return SeriesEntry.takes(&cursor, one.baseAddress, one.count)
                        && SeriesEntry.takes(&cursor, other.baseAddress, other.count)
                }
            }
        }
        if let found = (found ?? nil) ?? nil { return found.pointee.instrument.takeUnretainedValue() }
        return child(values: [first, second])
    }

    @inline(never)
    private func child(values: [String]) -> AnyObject {
        let flat = values.map(\.shown)
        let hash = Self.hash(flat)
        if let found = find(hash, flat) { return found }
        // It could be the bulk of every output.
        if flat.contains(where: { $0.utf8.count > NameRules.longestValue }) { return overflow() }
        let made: AnyObject? = storage.withLock { storage in
            if let found = find(hash, flat) { return Found(found) }
            guard storage.regularCount < limit else { return Found(nil) }
            return Found(add(flat, hash, to: &storage).instrument)
        }.instrument
        return made ?? overflow()
    }

    /// Carries a handle out of the lock.
    private struct Found: @unchecked Sendable {
        // Unchecked: every handle is sendable, which its type has lost on the way through plain memory.
        let instrument: AnyObject?
        init(_ instrument: AnyObject?) { self.instrument = instrument }
    }

    private func overflow() -> AnyObject {
        faults.count(.overflow)
        let values = descriptor.labelNames.map { _ in MetricsRegistry.overflowLabelValue }
        return storage.withLock { storage -> Found in
            if let overflow = storage.overflow { return Found(overflow.instrument) }
            let hash = Self.hash(values)
            // Whoever has made it by its name has taken a place for it; it is the same series.
            if let found = find(hash, values) { return Found(found) }
            let series = add(values, hash, to: &storage)
            storage.overflow = series
            return Found(series.instrument)
        }.instrument ?? discarded
    }

    private func wrongLabels() -> AnyObject {
        faults.count(.wrongLabels)
        return discarded
    }

    private func find(_ hash: UInt64, _ values: [String]) -> AnyObject? {
        index.find(hash) { key in
            var cursor = key
            return values.allSatisfy { $0.isNext(at: &cursor) }
        }?.pointee.instrument.takeUnretainedValue()
    }

    private static func hash(_ values: [String]) -> UInt64 {
        var hash = LabelHash()
        for value in values { _ = value.combine(into: &hash) }
        return hash.state
    }

    private func add(_ values: [String], _ hash: UInt64, to storage: inout Storage) -> Series {
        let series = Series(values, make(), created: time.civilNow)
        var low = 0
        var high = storage.sorted.count
        while low < high {
            let middle = low + (high - low) / 2
            if storage.sorted[middle].precedes(values) { low = middle + 1 } else { high = middle }
        }
        storage.sorted.insert(series, at: low)
        storage.plans = [:]
        index.insert(values, hash: hash, instrument: series.instrument)
        return series
    }
}

extension SeriesTable {
    /// The text around the values of all series, laid out when it is asked for after a series was added.
    func plan(_ format: MetricsTextFormat) -> TextPlan {
        storage.withLock { storage in
            if let plan = storage.plans[format] { return plan }
            let plan = TextPlan(descriptor, storage.sorted, format)
            storage.plans[format] = plan
            return plan
        }
    }

    func setCallback(_ labels: Labels, _ read: @escaping @Sendable () -> Double) {
        guard let gauge = child(labels) as? Gauge else { return }
        storage.withLock { storage in
            storage.callbacks.removeAll { $0.gauge === gauge }
            storage.callbacks.append(Callback(gauge: gauge, read: read))
        }
    }

    func refresh() {
        for callback in storage.withLock({ $0.callbacks }) { callback.gauge.set(callback.read()) }
    }
}

extension String {
    /// Adds the value to a hash; false where its bytes are not in one piece, and the hash is of no use.
    @inline(__always)
    fileprivate func combine(into hash: inout LabelHash) -> Bool {
        utf8.withContiguousStorageIfAvailable { hash.combine($0.baseAddress, $0.count) } != nil
    }

    /// Whether the value stands at the cursor of a key; moves the cursor behind it if so.
    @inline(__always)
    fileprivate func isNext(at cursor: inout UnsafeRawPointer) -> Bool {
        utf8.withContiguousStorageIfAvailable { SeriesEntry.takes(&cursor, $0.baseAddress, $0.count) } ?? false
    }

    /// The value as the output shows it, in one piece of memory.
    ///
    /// A NUL cannot be written; values that look the same in the output must be the same series.
    fileprivate var shown: String {
        var flat = self
        flat.makeContiguousUTF8()
        return flat.utf8.contains(0) ? flat.withoutNUL : flat
    }

    /// The text with the sign for a character that cannot be shown in place of each NUL.
    var withoutNUL: String {
        String(String.UnicodeScalarView(unicodeScalars.map { $0 == "\0" ? "\u{FFFD}" : $0 }))
    }
}
