import SeawallMetrics
import SeawallTime
import Testing

@testable import Seawall

@Suite struct KnownSeriesTests {
    private let scope: MetricsScope
    private let series: KnownSeries<Int, Counter>

    init() throws {
        scope = try MetricsScope(LayerMetricsConfiguration(), time: ManualTime())
        series = KnownSeries(try scope.counter("numbers_total", "Numbers.", "number"), of: [1, 2, 3], scope) {
            [("number", "\($0)")]
        }
    }

    private func values() -> [String: Double] {
        Dictionary(
            uniqueKeysWithValues: scope.registry.snapshot().counters.filter { $0.name == "seawall_numbers_total" }
                .map { ($0.labels["number"] ?? "", $0.value) })
    }

    @Test func allStandAtZeroOnceSomebodyReadsAndNotBefore() {
        #expect(values().isEmpty)
        series[2].increment()
        #expect(values() == ["2": 1])
        scope.sources.read()
        #expect(values() == ["1": 0, "2": 1, "3": 0])
        scope.sources.read()
        #expect(values() == ["1": 0, "2": 1, "3": 0])
    }

    @Test func oneThatWasNotKnownIsMadeWhenItIsAskedFor() {
        series[7].increment(by: 2)
        #expect(series[7] === series[7])
        scope.sources.read()
        #expect(values() == ["1": 0, "2": 0, "3": 0, "7": 2])
    }
}
