import SeawallMetrics
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct SnapshotTests {
    private func makeRegistry() throws -> MetricsRegistry {
        let registry = try MetricsRegistry(prefix: "p_", constantLabels: ["venue": "paper"])
        try registry.counter("c", help: "", labels: ["b", "a"]).with(["a": "1", "b": "2"]).increment(by: 2.5)
        try registry.gauge("g", help: "").with().set(-Double.infinity)
        try registry.histogram("h", help: "", buckets: .durations([.milliseconds(1)])).with().observe(.seconds(1))
        return registry
    }

    @Test func itHoldsWhatWasMeasured() throws {
        let snapshot = try makeRegistry().snapshot()
        #expect(snapshot.counters.map(\.name) == ["p_c"])
        #expect(snapshot.counters[0].labels == ["venue": "paper", "a": "1", "b": "2"])
        #expect(snapshot.counters[0].value == 2.5)
        #expect(snapshot.gauges.map(\.value) == [-.infinity])
        #expect(snapshot.histograms[0].buckets.map(\.bound) == [0.001, .infinity])
        #expect(snapshot.histograms[0].buckets.map(\.count) == [0, 1])
        #expect(snapshot.histograms[0].count == 1)
        #expect(snapshot.histograms[0].sum == 1)
    }

    @Test func itSurvivesJSONWithInfinities() throws {
        let snapshot = try makeRegistry().snapshot()
        let data = try JSONEncoder().encode(snapshot)
        #expect(try JSONDecoder().decode(MetricsSnapshot.self, from: data) == snapshot)
    }

    @Test func numbersThatJSONLacksAreText() throws {
        let registry = MetricsRegistry()
        let gauge = try registry.gauge("g", help: "").with()
        for (value, text) in [(Double.nan, "\"NaN\""), (.infinity, "\"+Inf\""), (-.infinity, "\"-Inf\"")] {
            gauge.set(value)
            let data = try JSONEncoder().encode(registry.snapshot())
            #expect(String(decoding: data, as: UTF8.self).contains("\"value\":\(text)"))
        }
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(GaugeReading.self, from: Data(#"{"name":"g","labels":{},"value":"much"}"#.utf8))
        }
    }
}
