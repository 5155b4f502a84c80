import SeawallMetrics
import SeawallTime
import Testing

@Suite struct GaugeTests {
    @Test func itIsSetAndMovedBothWays() throws {
        let gauge = try MetricsRegistry().gauge("g", help: "").with()
        gauge.set(10)
        gauge.add(-12.5)
        #expect(gauge.value == -2.5)
        gauge.set(Duration.milliseconds(-1_500))
        #expect(gauge.value == -1.5)
        gauge.set(Double.infinity)
        #expect(gauge.value == .infinity)
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity]) func addingNonsenseIsRefusedAndCounted(amount: Double) throws
    {
        let registry = MetricsRegistry()
        let gauge = try registry.gauge("g", help: "").with()
        gauge.set(3)
        gauge.add(amount)
        #expect(gauge.value == 3)
        #expect(registry.snapshot().counters.map(\.value) == [1])
    }

    @Test func noAdditionIsLostBetweenThreads() async throws {
        let gauge = try MetricsRegistry().gauge("g", help: "").with()
        let spawner = TaskSpawner()
        let tasks = [1.0, -0.5, 1.0, -0.5].map { amount in
            spawner.spawn { for _ in 0..<10_000 { gauge.add(amount) } }
        }
        for task in tasks { await task.value }
        #expect(gauge.value == 10_000)
    }
}
