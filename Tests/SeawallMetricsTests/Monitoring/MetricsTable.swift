import Foundation

/// The tables of Docs/Metrics.md, as far as files that name metrics can be compared with them.
struct MetricsTable {
    struct Metric: Equatable {
        var type: String
        var labels: Set<String>
    }

    private struct Values {
        var label: String
        /// Nil: of all metrics.
        var metrics: Set<String>?
        /// Nil: there can be others.
        var values: Set<String>?
    }

    private(set) var metrics: [String: Metric] = [:]
    private var values: [Values] = []

    init(_ text: String) {
        var header: [String] = []
        for line in text.split(separator: "\n") {
            guard line.hasPrefix("|") else {
                header = []
                continue
            }
            let cells = line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast()
                .map { $0.trimmingCharacters(in: .whitespaces) }
            if header.isEmpty {
                header = cells
            } else if header.first == "Metric", cells.count == 5, let name = Self.words(cells[0]).first {
                metrics[name] = Metric(type: cells[1], labels: Set(Self.words(cells[3])))
            } else if header == ["Label", "Of", "Values"], cells.count == 3 {
                let isOpen = ["open:", "below", "the bot's own"].contains { cells[2].contains($0) }
                for label in Self.words(cells[0]) {
                    values.append(
                        Values(
                            label: label, metrics: cells[1] == "all" ? nil : Set(Self.words(cells[1])),
                            values: isOpen ? nil : Set(Self.words(cells[2]))))
                }
            }
        }
    }

    /// The metric that a series belongs to, and the name of that metric; nil where there is none.
    func metric(ofSeries series: String) -> (name: String, Metric)? {
        if let metric = metrics[series] { return metric.type == "histogram" ? nil : (series, metric) }
        for suffix in ["_bucket", "_count", "_sum"] where series.hasSuffix(suffix) {
            let name = String(series.dropLast(suffix.count))
            if let metric = metrics[name], metric.type == "histogram" { return (name, metric) }
        }
        return nil
    }

    /// Whether a label of a metric can have a value.
    func allows(_ value: String, of label: String, in metric: String) -> Bool {
        let lists = values.filter { $0.label == label && $0.metrics?.contains(metric) ?? true }
        // One list that says all; none is a table that is not complete.
        guard !lists.isEmpty else { return false }
        return lists.contains { $0.values?.contains(value) ?? true }
    }

    /// What stands between backquotes.
    private static func words(_ cell: String) -> [String] {
        cell.matches(of: /`([^`]*)`/).map { String($0.1) }
    }
}
