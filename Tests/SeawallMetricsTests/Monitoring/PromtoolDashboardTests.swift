#if os(Linux)
import Foundation
import SeawallTime
import Testing

/// What queries of the dashboard show of series that are known, by Prometheus' own tool.
@Suite(
    .enabled(
        if: PrometheusTools.promtool != nil,
        "skipped: promtool is not installed here: queries are not tried (apt-get install prometheus)"))
struct PromtoolDashboardTests {
    /// What a query shows at a time: each series with its value.
    private typealias Shown = (at: String, series: [(labels: String, value: Double)])

    private static let requests = [
        (#"seawall_operation_failures_total{J, venue="kraken", operation="place", error_type="ambiguous"}"#, "0+4x30"),
        (#"seawall_operation_failures_total{J, venue="kraken", operation="query", error_type="ambiguous"}"#, "0x30"),
        (
            #"seawall_operation_failures_total{J, venue="kraken", operation="query", error_type="no_such_order"}"#,
            "0+16x30"
        ),
        (#"seawall_operation_failures_total{J, venue="kraken", operation="ticker", error_type="ambiguous"}"#, "0x30"),
        (#"seawall_operation_successes_total{J, venue="kraken", operation="place"}"#, "0+12x30"),
        (#"seawall_operation_successes_total{J, venue="kraken", operation="query"}"#, "0+8x30"),
        (#"seawall_operation_successes_total{J, venue="kraken", operation="ticker"}"#, "0x30"),
        (#"seawall_operation_failures_total{J, venue="idle", operation="place", error_type="ambiguous"}"#, "0x30"),
        (#"seawall_operation_successes_total{J, venue="idle", operation="place"}"#, "0x30"),
    ]

    /// Has promtool ask `query` of series of one bot, each with its values by the minute.
    private func expect(_ query: String, of series: [(String, String)], shows shown: [Shown]) throws {
        let input = series.map { name, values in
            let full = name.replacing("{J", with: #"{job="seawall", instance="bot:8080""#)
            return "      - {series: '\(full)', values: '\(values)'}\n"
        }
        let cases = shown.map { at, series in
            let samples = series.map { "{labels: '\($0.labels)', value: \($0.value)}" }.joined(separator: ", ")
            let rounded = "round(\(Dashboard.plain(query)), 0.001)"
            return "      - {expr: '\(rounded)', eval_time: \(at), exp_samples: [\(samples)]}\n"
        }
        let text =
            "evaluation_interval: 1m\ntests:\n  - interval: 1m\n    input_series:\n\(input.joined())"
            + "    promql_expr_test:\n\(cases.joined())"
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("seawall-\(SystemRandom().next())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(text.utf8).write(to: folder.appendingPathComponent("queries.test.yml"))
        let (said, status) = try PrometheusTools.runPromtool(
            try #require(PrometheusTools.promtool), ["test", "rules", "queries.test.yml"], in: folder)
        #expect(status == 0 && said.contains("SUCCESS"), "\(said)")
    }

    private func query(ofPanel title: String, _ refID: String) throws -> String {
        let panel = try #require(MonitoringFiles.dashboard().panels.first { $0.title == title })
        return try #require(panel.targets?.first { $0.refId == refID }).expr
    }

    @Test func theHeatmapShowsWhatFailsAndNothingOfWhatIsNotAsked() throws {
        try expect(
            query(ofPanel: "Degradation heatmap: failing requests", "A"), of: Self.requests,
            shows: [
                (
                    "20m",
                    [
                        (#"{venue="kraken", operation="place"}"#, 0.25),
                        (#"{venue="kraken", operation="query"}"#, 0),
                    ]
                )
            ])
    }

    @Test func theGridShowsWhatFailsAndNothingOfWhoAsksNothing() throws {
        try expect(
            query(ofPanel: "Exchange grid", "E"), of: Self.requests,
            shows: [("20m", [(#"{job="seawall", instance="bot:8080", venue="kraken"}"#, 0.1)])])
    }

    @Test func tripsAreMarkedFromTheFirstOnAndOnce() throws {
        let trips = try #require(MonitoringFiles.dashboard().annotations.list.first { $0.name == "Trips" }?.expr)
        let series = [
            (#"up{J}"#, "1x29 0x10 1x39"), (#"process_start_time_seconds{J}"#, "-604800x29 stale _x10 -604800x38"),
            (#"seawall_guard_trips_total{J, venue="kraken", guard="spread"}"#, "_x20 1x9 stale _x10 1x38"),
            (#"seawall_guard_trips_total{J, venue="kraken", guard="kill_switch"}"#, "0x29 stale _x10 0x8 1x29"),
        ]
        let quiet: [Shown] = ["19m", "25m", "30m", "41m", "42m", "45m", "60m"].map { ($0, []) }
        try expect(
            trips, of: series,
            shows: quiet + [
                ("20m", [(#"{venue="kraken", guard="spread"}"#, 1)]),
                ("50m", [(#"{venue="kraken", guard="kill_switch"}"#, 1)]),
            ])
    }
}
#endif
