import SeawallMetrics
import SeawallTime
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct MetricsSummaryTests {
    private func makeRegistry(at time: ManualTime) throws -> MetricsRegistry {
        let registry = try MetricsRegistry(prefix: "gpt_trader_", time: time)
        try registry.counter("order_submission_total", help: "", labels: ["result", "reason", "side"])
            .with(["side": "buy", "result": "success", "reason": "none"]).increment(by: 10)
        try registry.gauge("equity_dollars", help: "").with().set(10500.5)
        let cycle = try registry.histogram(
            "cycle_duration_seconds", help: "", labels: ["result"],
            buckets: .durations([.milliseconds(100), .milliseconds(500), .seconds(1)]))
        for seconds in [0.05, 0.25, 0.75, 2.95] { cycle.with(["result": "ok"]).observe(seconds) }
        _ = cycle.with(["result": "error"])
        return registry
    }

    @Test func itEncodesToTheSchemaOfTheDashboards() throws {
        let time = ManualTime(civil: CivilInstant(nanosecondsSinceEpoch: 1_704_628_800_000_007_999))
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let text = String(decoding: try encoder.encode(makeRegistry(at: time).summary()), as: UTF8.self)
        #expect(
            text == #"{"counters":{"gpt_trader_order_submission_total{reason=none,result=success,side=buy}":10},"#
                + #""gauges":{"gpt_trader_equity_dollars":10500.5},"#
                + #""histograms":{"gpt_trader_cycle_duration_seconds{result=error}":{"#
                + #""buckets":{"0.1":0,"0.5":0,"1.0":0},"count":0,"mean":0,"sum":0},"#
                + #""gpt_trader_cycle_duration_seconds{result=ok}":{"#
                + #""buckets":{"0.1":1,"0.5":2,"1.0":3},"count":4,"mean":1,"sum":4}},"#
                + #""timestamp":"2024-01-07T12:00:00.000007+00:00"}"#)
    }

    @Test func itReadsBackAndTellsWhatJSONHasNoNumberFor() throws {
        let registry = try makeRegistry(at: ManualTime())
        try registry.gauge("odd", help: "").with().set(-Double.infinity)
        let summary = registry.summary()
        #expect(summary.gauges["gpt_trader_odd"] == -.infinity)
        let data = try JSONEncoder().encode(summary)
        #expect(try JSONDecoder().decode(MetricsSummary.self, from: data) == summary)
        #expect(String(decoding: data, as: UTF8.self).contains("\"-Inf\""))
    }

    @Test func noTwoSeriesHaveOneKey() throws {
        let registry = MetricsRegistry()
        let family = try registry.counter("c", help: "", labels: ["a", "b"])
        var random = SeededGenerator(seed: 12, stream: "keys")
        family.with(["a": "1,b=2", "b": ""]).increment()
        family.with(["a": "1", "b": "2,b="]).increment()
        for _ in 0..<500 {
            func text() -> String {
                String(
                    (0..<random.below(4)).map { _ in
                        random.pick([",", "=", "\\", "a", "\n", "n", "\u{E9}", "e\u{301}", "\u{301}"])
                    })
            }
            family.with(("a", text()), ("b", text())).increment()
        }
        #expect(registry.summary().counters.count == registry.snapshot().counters.count)
    }

    @Test func timesBefore1970HaveMicrosecondsToo() throws {
        let time = ManualTime(civil: CivilInstant(nanosecondsSinceEpoch: -1))
        #expect(try makeRegistry(at: time).summary().timestamp == "1969-12-31T23:59:59.999999+00:00")
    }

    @Test(arguments: [
        (Int64.min, "1677-09-21T00:12:43.145224+00:00"), (Int64.max, "2262-04-11T23:47:16.854775+00:00"),
        (-1_000_000_000, "1969-12-31T23:59:59.000000+00:00"), (0, "1970-01-01T00:00:00.000000+00:00"),
        (1_999, "1970-01-01T00:00:00.000001+00:00"),
    ])
    func theEndsOfTimeHaveATextToo(nanoseconds: Int64, text: String) {
        let instant = CivilInstant(nanosecondsSinceEpoch: nanoseconds)
        #expect(MetricsSummary(MetricsRegistry().snapshot(), at: instant).timestamp == text)
    }

    @Test func theHistoryKeepsTheLast() throws {
        let time = ManualTime(civil: CivilInstant(nanosecondsSinceEpoch: 0))
        let registry = try MetricsRegistry(prefix: "", time: time)
        let counter = try registry.counter("c", help: "").with()
        let history = MetricsHistory(of: registry, capacity: 3)
        #expect(history.snapshots(limit: 10).isEmpty)
        for _ in 0..<5 {
            counter.increment()
            history.take()
            time.advance(by: .seconds(1))
        }
        #expect(history.snapshots().map { $0.counters["c"] } == [3, 4, 5])
        #expect(
            history.snapshots(limit: 2).map { String($0.timestamp.prefix(19)) } == [
                "1970-01-01T00:00:03", "1970-01-01T00:00:04",
            ])
        #expect(history.snapshots(limit: -1).isEmpty)
        #expect(MetricsHistory(of: registry, capacity: 0).capacity == 1)
    }
}
