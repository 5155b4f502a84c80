import SeawallMetrics
import SeawallTime
import Testing

@Suite struct CallbackTests {
    @Test func gaugesAreReadWhenTheMetricsAre() throws {
        let registry = MetricsRegistry()
        let calls = Lock(0)
        let queue = try registry.gauge("queue", help: "", labels: ["name"])
        queue.with(["name": "orders"]) {
            calls.withLock { calls in
                calls += 1
                return Double(calls)
            }
        }
        queue.with(["name": "still"]).set(7)
        #expect(calls.withLock { $0 } == 0)
        #expect(registry.snapshot().gauges.map(\.value) == [1, 7])
        #expect(registry.prometheusText().contains("seawall_queue{name=\"orders\"} 2\n"))
        queue.with(["name": "orders"], reading: { .nan })
        #expect(registry.prometheusText().contains("seawall_queue{name=\"orders\"} NaN\n"))
        #expect(calls.withLock { $0 } == 2)
    }

    @Test func aCollectorRunsBeforeEachReadingAndMayUseTheRegistry() throws {
        let registry = MetricsRegistry()
        registry.beforeReading { [weak registry] in
            (try? registry?.gauge("late", help: ""))?.with().add(1)
        }
        _ = registry.snapshot()
        #expect(registry.prometheusText().contains("\nseawall_late 2\n"))
    }

    @Test func aCallbackWithWrongLabelsIsCountedAndReadsNothing() throws {
        let registry = MetricsRegistry()
        let queue = try registry.gauge("queue", help: "", labels: ["name"])
        queue.reading { 5 }
        #expect(registry.snapshot().gauges.isEmpty)
        #expect(registry.snapshot().counters.map(\.labels) == [["fault": "wrong_labels", "metric": "seawall_queue"]])
    }
}
