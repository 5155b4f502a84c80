#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The tables of Docs/Metrics.md.
struct MetricDocument {
    struct Metric: Hashable {
        var name: String
        var type: String
        var unit: String?
        var labels: [String]
    }

    struct LabelValues {
        var labels: [String]
        /// Nil for all metrics with the label.
        var metrics: [String]?
        var values: [String]
        var isOpen: Bool
    }

    private(set) var metrics: [Metric] = []
    private(set) var values: [LabelValues] = []
    private(set) var submissions: [String: [String]] = [:]

    init() throws {
        let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4).joined(separator: "/")
        let text = try String(
            decoding: Data(contentsOf: URL(fileURLWithPath: root + "/Docs/Metrics.md")), as: UTF8.self)
        var header: [String] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            guard line.hasPrefix("| ") else {
                header = []
                continue
            }
            let cells = line.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false).map(
                Self.trimmed)
            if header.isEmpty {
                header = cells
            } else if !cells[0].hasPrefix("---") {
                read(cells, under: header)
            }
        }
    }

    private mutating func read(_ cells: [String], under header: [String]) {
        switch header {
        case ["Metric", "Type", "Unit", "Labels", "Meaning"]:
            metrics.append(
                Metric(
                    name: Self.words(cells[0]).joined(), type: cells[1], unit: cells[2] == "—" ? nil : cells[2],
                    labels: Self.words(cells[3])))
        case ["Label", "Of", "Values"]:
            values.append(
                LabelValues(
                    labels: Self.words(cells[0]), metrics: cells[1] == "all" ? nil : Self.words(cells[1]),
                    values: Self.words(cells[2]), isOpen: cells[2].hasPrefix("open") || cells[2].hasPrefix("by ")))
        case ["`result`", "Meaning", "`reason`"]:
            submissions[Self.words(cells[0]).joined()] = Self.words(cells[2])
        default: break
        }
    }

    /// What stands in backquotes.
    private static func words(_ cell: String) -> [String] {
        cell.split(separator: "`", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 1 }
            .map { String($0.element) }
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
