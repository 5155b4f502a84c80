import Foundation

/// The files of Docs that people copy to look after their bots.
enum MonitoringFiles {
    static let docs = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Docs")
    static let folder = docs.appendingPathComponent("Monitoring")

    static func text(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: folder.appendingPathComponent(name)), as: UTF8.self)
    }

    static func dashboard() throws -> Dashboard {
        try JSONDecoder().decode(Dashboard.self, from: Data(try text("dashboard.json").utf8))
    }

    static func table() throws -> MetricsTable {
        MetricsTable(
            String(decoding: try Data(contentsOf: docs.appendingPathComponent("Metrics.md")), as: UTF8.self))
    }
}
