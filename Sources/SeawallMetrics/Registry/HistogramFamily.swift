/// A histogram with its children, one for each combination of label values, all with the same buckets.
///
/// Keep the handles of children that are updated often: looking one up takes a lock, updating it does not.
public final class HistogramFamily: MetricFamily {
    private let table: SeriesTable<Histogram>
    private let header: [UInt8]

    init(_ descriptor: MetricDescriptor, buckets: HistogramBuckets, limit: Int, faults: MetricFaults) {
        header = descriptor.header
        let bounds = buckets.bounds
        table = SeriesTable(descriptor, limit: limit, faults: faults) { Histogram(bounds, faults: faults) }
    }

    var descriptor: MetricDescriptor { table.descriptor }

    /// The name in the output, with the registry's prefix.
    public var name: String { descriptor.name }

    /// The handle of the child with these labels, made empty if it is new.
    ///
    /// Labels other than those of the registration never throw: the handle then counts into no output, and the lookup
    /// is counted as `wrong_labels` in `…metrics_faults_total`. A new child past the registry's series limit, or with
    /// a label value over 1,024 bytes, is the overflow series, and the lookup is counted as `overflow`.
    public func with(_ labels: Labels = [:]) -> Histogram { table.child(labels) }

    func write(into text: inout PrometheusText) {
        text.append(header)
        for series in table.series {
            let content = series.instrument.content
            var lines = series.linePrefixes.makeIterator()
            func appendLine(_ value: (inout PrometheusText) -> Void) {
                guard let prefix = lines.next() else { return }
                text.append(prefix)
                value(&text)
                text.appendNewline()
            }
            for count in content.cumulativeCounts { appendLine { $0.append(count) } }
            appendLine { $0.append(content.sum) }
            appendLine { $0.append(content.count) }
        }
    }

    func read(into snapshot: inout MetricsSnapshot) {
        for series in table.series {
            let content = series.instrument.content
            let labels = descriptor.outputLabels(series.values)
            let bounds = (descriptor.buckets?.bounds.asDoubles ?? []) + [.infinity]
            let buckets = zip(bounds, content.cumulativeCounts).map { HistogramReading.Bucket(bound: $0, count: $1) }
            snapshot.histograms.append(
                HistogramReading(
                    name: name, labels: labels, buckets: buckets, count: content.count, sum: content.sum.asDouble))
        }
    }
}
