import SeawallMetrics
import SeawallTime
import Testing

private struct Broken: Error, Equatable {}

@Suite struct ProfilerTests {
    private let time = ManualTime()
    private let registry = MetricsRegistry()

    private func reading(_ labels: [String: String]) -> HistogramReading? {
        registry.snapshot().histograms.first { $0.labels == labels }
    }

    @Test func aPhaseIsTimedHoweverItEnds() async throws {
        let profiler = try Profiler(registry, time: time)
        let answer = profiler.phase(.fetchPositions) {
            time.advance(by: .milliseconds(250))
            return 7
        }
        #expect(answer == 7)
        // The type of the error is kept.
        do throws(Broken) {
            try profiler.phase(.fetchPositions) { () throws(Broken) in
                time.advance(by: .milliseconds(500))
                throw Broken()
            }
        } catch {
            #expect(error == Broken())
        }
        await profiler.phase("custom") {
            time.advance(by: .seconds(2))
            await TaskSpawner().spawn {}.value
        }
        #expect(reading(["phase": "fetch_positions"])?.sum == 0.75)
        #expect(reading(["phase": "fetch_positions"])?.count == 2)
        #expect(reading(["phase": "custom"])?.sum == 2)
    }

    @Test func byHandItIsRecordedOnce() throws {
        let profiler = try Profiler(registry, time: time)
        let sample = profiler.begin(.orderPlacement)
        time.advance(by: .milliseconds(30))
        #expect(sample.duration == .milliseconds(30))
        sample.end()
        time.advance(by: .milliseconds(30))
        sample.end()
        #expect(sample.duration == .milliseconds(30))
        profiler.record(.orderPlacement, .milliseconds(10))
        #expect(reading(["phase": "order_placement"])?.count == 2)
        #expect(reading(["phase": "order_placement"])?.sum == 0.04)
    }

    @Test func quantilesAreAtHand() throws {
        let profiler = try Profiler(registry, time: time)
        #expect(profiler.statistics(of: .strategyDecision) == nil)
        for milliseconds in 1...100 { profiler.record(.strategyDecision, .milliseconds(milliseconds * 10)) }
        let statistics = try #require(profiler.statistics(of: .strategyDecision))
        #expect(statistics.count == 100)
        #expect(abs(statistics.mean - 0.505) < 1e-9)
        #expect(abs(statistics.p50 - 0.5) < 1e-9)
        #expect(abs(statistics.p95 - 0.95) < 1e-9)
        #expect(abs(statistics.p99 - 0.99) < 1e-9)
    }

    @Test func toAskMakesNoSeries() throws {
        let profiler = try Profiler(registry, time: time, labels: ["symbol"])
        let before = registry.prometheusText()
        #expect(profiler.statistics(of: "typo") == nil)
        #expect(profiler.statistics(of: "typo", ["symbol": "BTC-USD"]) == nil)
        #expect(profiler.statistics(of: "typo", ["nothing": "known"]) == nil)
        #expect(registry.prometheusText() == before)
        profiler.record("odd\0phase", .seconds(1), ["symbol": "BTC-USD"])
        #expect(profiler.statistics(of: "odd\0phase", ["symbol": "BTC-USD"])?.count == 1)
    }

    @Test func moreLabelsAreThoseOfTheProfiler() throws {
        let profiler = try Profiler(registry, time: time, labels: ["symbol"])
        profiler.record(.orderPlacement, .seconds(1), ["symbol": "BTC-USD"])
        profiler.record(.orderPlacement, .seconds(1))
        #expect(reading(["phase": "order_placement", "symbol": "BTC-USD"])?.count == 1)
        #expect(reading(["phase": "order_placement", "symbol": ""])?.count == 1)
        profiler.record(.orderPlacement, .seconds(1), ["phase": "mine"])
        profiler.record(.orderPlacement, .seconds(1), ["strategy": "a"])
        #expect(registry.snapshot().histograms.count == 2)
        #expect(registry.snapshot().counters.map(\.value) == [2])
        #expect(throws: MetricsError.self) { _ = try Profiler(MetricsRegistry(), labels: ["phase"]) }
    }

    @Test func aTimedCallIsMarkedByItsResult() async throws {
        let fetch = try registry.histogram("positions_fetch_seconds", help: "", labels: ["result"])
        fetch.time(by: time) { time.advance(by: .seconds(1)) }
        await #expect(throws: Broken.self) {
            try await fetch.time(by: time) { () async throws(Broken) in
                time.advance(by: .seconds(2))
                throw Broken()
            }
        }
        #expect(reading(["result": "ok"])?.sum == 1)
        #expect(reading(["result": "error"])?.sum == 2)
    }
}
