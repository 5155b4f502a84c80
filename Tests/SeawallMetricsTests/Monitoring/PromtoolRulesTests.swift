#if os(Linux)
import Foundation
import SeawallTime
import Testing

/// Prometheus' own tool judges rules, their tests, the configuration and every query of the dashboard.
@Suite(
    .enabled(
        if: PrometheusTools.promtool != nil,
        "skipped: promtool is not installed here: the rules are not checked by it (apt-get install prometheus)"))
struct PromtoolRulesTests {
    private func promtool(_ arguments: String..., in folder: URL = MonitoringFiles.folder) throws -> String {
        let (said, status) = try PrometheusTools.runPromtool(
            try #require(PrometheusTools.promtool), arguments, in: folder)
        #expect(status == 0, "\(said)")
        return said
    }

    private func withScratch(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("seawall-\(SystemRandom().next())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder)
    }

    @Test func theRulesAreGood() throws {
        #expect(try promtool("check", "rules", "--lint=all", "--lint-fatal", "alerts.yml").contains("SUCCESS"))
    }

    @Test func theRulesDoWhatTheirTestsSay() throws {
        #expect(try promtool("test", "rules", "alerts.test.yml").contains("SUCCESS"))
    }

    @Test func theConfigurationIsGood() throws {
        #expect(try promtool("check", "config", "prometheus.yml").contains("1 rule files found"))
    }

    /// As the README tells to.
    @Test(arguments: ["gpt_trader_", "peak_trade_"]) func anotherPrefixIsOneReplacement(prefix: String) throws {
        try withScratch { folder in
            for file in ["alerts.yml", "alerts.test.yml"] {
                let text = try MonitoringFiles.text(file).replacing("seawall_", with: prefix)
                try Data(text.utf8).write(to: folder.appendingPathComponent(file))
            }
            #expect(try promtool("test", "rules", "alerts.test.yml", in: folder).contains("SUCCESS"))
        }
    }

    /// Each as a rule that records it, for which there is a check.
    @Test func everyQueryOfTheDashboardCanBeRead() throws {
        struct Rules: Encodable {
            struct Group: Encodable {
                var name = "dashboard"
                var rules: [Rule]
            }

            struct Rule: Encodable {
                var record: String
                var expr: String
            }

            var groups: [Group]
        }
        // JSON is YAML too.
        let rules = try MonitoringFiles.dashboard().queries.enumerated().map { number, query in
            Rules.Rule(record: "dashboard:query\(number)", expr: Dashboard.plain(query))
        }
        try withScratch { folder in
            let encoder = JSONEncoder()
            // An escape that YAML does not know.
            encoder.outputFormatting = .withoutEscapingSlashes
            let text = try encoder.encode(Rules(groups: [Rules.Group(rules: rules)]))
            try text.write(to: folder.appendingPathComponent("queries.yml"))
            #expect(try promtool("check", "rules", "queries.yml", in: folder).contains("\(rules.count) rules found"))
        }
    }
}
#endif
