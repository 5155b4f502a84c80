extension SeriesTable {
    /// Appends the values of all series.
    func read(into snapshot: inout MetricsSnapshot) {
        let name = descriptor.sampleName(.prometheus)
        for series in series {
            let labels = descriptor.outputLabels(series.values)
            switch series.instrument {
            case let counter as Counter:
                snapshot.counters.append(CounterReading(name: name, labels: labels, value: counter.value))
            case let gauge as Gauge:
                snapshot.gauges.append(GaugeReading(name: name, labels: labels, value: gauge.value))
            case let states as StateSet:
                guard case .stateSet(let names, let label) = descriptor.kind else { continue }
                let current = states.currentIndex
                for (index, state) in names.enumerated() {
                    snapshot.gauges.append(
                        GaugeReading(
                            name: name, labels: labels.merging([label: state]) { $1 }, value: index == current ? 1 : 0))
                }
            case let histogram as Histogram:
                let content = histogram.content
                let bounds = histogram.table.bounds.asDoubles + [.infinity]
                let buckets = zip(bounds, content.cumulativeCounts).map {
                    HistogramReading.Bucket(bound: $0, count: $1)
                }
                snapshot.histograms.append(
                    HistogramReading(
                        name: name, labels: labels, buckets: buckets, count: content.count, sum: content.sum.asDouble))
            default: break
            }
        }
    }
}
