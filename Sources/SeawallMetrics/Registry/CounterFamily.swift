/// A counter with its children, one for each combination of label values.
///
/// Keep the handles of children that are updated often: looking one up takes a lock, updating it does not.
public final class CounterFamily: MetricFamily {
    private let table: SeriesTable<Counter>
    private let header: [UInt8]

    init(_ descriptor: MetricDescriptor, limit: Int, faults: MetricFaults) {
        header = descriptor.header
        table = SeriesTable(descriptor, limit: limit, faults: faults) { Counter(faults: faults) }
    }

    var descriptor: MetricDescriptor { table.descriptor }

    /// The name in the output, with the registry's prefix.
    public var name: String { descriptor.name }

    /// The handle of the child with these labels, made at zero if it is new.
    ///
    /// Labels other than those of the registration never throw: the handle then counts into no output, and the lookup
    /// is counted as `wrong_labels` in `…metrics_faults_total`. A new child past the registry's series limit, or with
    /// a label value over 1,024 bytes, is the overflow series, and the lookup is counted as `overflow`.
    public func with(_ labels: Labels = [:]) -> Counter { table.child(labels) }

    func write(into text: inout PrometheusText) {
        text.append(header)
        for series in table.series {
            text.append(series.linePrefixes[0])
            series.instrument.writeValue(into: &text)
            text.appendNewline()
        }
    }

    func read(into snapshot: inout MetricsSnapshot) {
        for series in table.series {
            let labels = descriptor.outputLabels(series.values)
            snapshot.counters.append(CounterReading(name: name, labels: labels, value: series.instrument.value))
        }
    }
}
