import Seawall

/// Metrics for a person: a line a family, what is zero left out.
enum MetricLines {
    static func lines(of snapshot: MetricsSnapshot) -> [String] {
        var families: [String: [String]] = [:]
        for counter in snapshot.counters where counter.value != 0 {
            families[counter.name, default: []].append(series(counter.labels, TextReport.plain(counter.value)))
        }
        for gauge in snapshot.gauges {
            families[gauge.name, default: []].append(series(gauge.labels, TextReport.plain(gauge.value)))
        }
        for histogram in snapshot.histograms where histogram.count > 0 {
            let mean = histogram.sum / Double(histogram.count)
            let text = "\(histogram.count) of mean \(TextReport.plain((mean * 10_000).rounded() / 10_000))"
            families[histogram.name, default: []].append(series(histogram.labels, text))
        }
        return families.sorted { $0.key < $1.key }.map { "\($0.key): " + $0.value.joined(separator: ", ") }
    }

    private static func series(_ labels: [String: String], _ value: String) -> String {
        let names = labels.sorted { $0.key < $1.key }.map(\.value).joined(separator: " ")
        return names.isEmpty ? value : "\(names) \(value)"
    }
}
