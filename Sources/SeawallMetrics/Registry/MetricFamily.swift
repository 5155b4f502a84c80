internal import SeawallTime

/// A metric with its children, one for each combination of label values.
///
/// Keep the handles of children that are updated often. Looking up a child that is there takes no lock; making one does.
///
/// Labels other than those of the registration never throw: the handle then counts into no output, and the lookup
/// is counted as `wrong_labels` in `…metrics_faults_total`. A new child past the registry's series limit, or with
/// a label value over 1,024 bytes, is the overflow series, and the lookup is counted as `overflow`.
public final class MetricFamily<Handle: Instrument>: AnyFamily {
    let table: SeriesTable

    init(_ table: SeriesTable) { self.table = table }

    var descriptor: MetricDescriptor { table.descriptor }

    /// The name in the output, with the registry's prefix.
    public var name: String { descriptor.name }

    /// The handle of the child with these labels, made at zero if it is new.
    ///
    /// Call it early for every combination that is known, so that its series starts at zero.
    @discardableResult
    public func with(_ labels: Labels = [:]) -> Handle { handle(table.child(labels)) }

    /// The handle of the child with one label, made at zero if it is new; allocates nothing if it is there.
    public func with(_ label: (name: String, value: String)) -> Handle {
        handle(table.child(label))
    }

    /// The handle of the child with two labels in any order, made at zero if it is new; allocates nothing if it is there.
    public func with(
        _ first: (name: String, value: String), _ second: (name: String, value: String)
    ) -> Handle {
        handle(table.child(first, second))
    }

    /// The handle of the child with these labels if it is there.
    func known(_ labels: Labels) -> Handle? { table.known(labels).map(handle) }

    func refresh() { table.refresh() }

    func write(_ format: MetricsTextFormat, into text: inout TextBuffer) { table.plan(format).write(into: &text) }

    func read(into snapshot: inout MetricsSnapshot) { table.read(into: &snapshot) }

    @inline(__always)
    private func handle(_ instrument: AnyObject) -> Handle {
        // The table makes instruments of this type and no other: whoever makes a family hands it the maker of its type.
        unsafeDowncast(instrument, to: Handle.self)
    }
}

/// A counter with its children.
public typealias CounterFamily = MetricFamily<Counter>

/// A gauge with its children.
public typealias GaugeFamily = MetricFamily<Gauge>

/// A histogram with its children, all with the same buckets.
public typealias HistogramFamily = MetricFamily<Histogram>

/// A state set with its children, all with the same states.
public typealias StateSetFamily = MetricFamily<StateSet>

extension MetricFamily where Handle == Gauge {
    /// Has the child with these labels read its value from `read` whenever the metrics are read.
    ///
    /// `read` is called on the thread that reads, under no lock, and should be quick. What it gives replaces what was set;
    /// a second callback for the same labels replaces the first.
    public func with(_ labels: Labels, reading read: @escaping @Sendable () -> Double) {
        table.setCallback(labels, read)
    }

    /// Has the series of a metric without labels read its value from `read` whenever the metrics are read.
    public func reading(_ read: @escaping @Sendable () -> Double) {
        table.setCallback([:], read)
    }
}
