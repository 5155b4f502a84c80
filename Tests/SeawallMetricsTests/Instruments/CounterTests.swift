import SeawallMetrics
import SeawallTime
import Testing

@Suite struct CounterTests {
    private func makeCounter() throws -> (MetricsRegistry, Counter) {
        let registry = MetricsRegistry()
        return (registry, try registry.counter("c_total", help: "").with())
    }

    private func refusals(_ registry: MetricsRegistry) -> Double {
        registry.snapshot().counters.first { $0.labels["fault"] == "refused_update" }?.value ?? 0
    }

    @Test func wholeAndFractionalIncrementsAddUp() throws {
        let (_, counter) = try makeCounter()
        counter.increment()
        counter.increment(by: 41)
        counter.increment(by: 0.5)
        counter.increment(by: 0)
        #expect(counter.value == 42.5)
    }

    @Test(arguments: [-1.0, -Double.leastNonzeroMagnitude, .nan, .infinity, -.infinity])
    func nonsenseIsRefusedAndCounted(
        amount: Double
    ) throws {
        let (registry, counter) = try makeCounter()
        counter.increment(by: amount)
        #expect(counter.value == 0)
        #expect(refusals(registry) == 1)
    }

    @Test(arguments: [-1, Int.min]) func negativeWholeNumbersAreRefused(amount: Int) throws {
        let (registry, counter) = try makeCounter()
        counter.increment(by: amount)
        #expect(counter.value == 0)
        #expect(refusals(registry) == 1)
    }

    @Test func wholeNumbersAreExactPastTheRangeOfDoubles() throws {
        let (registry, counter) = try makeCounter()
        counter.increment(by: 1 << 53)
        counter.increment()
        #expect(registry.prometheusText().contains("seawall_c_total 9007199254740993\n"))
    }

    @Test func itNeverFallsAtTheEndOfItsRange() throws {
        let (_, counter) = try makeCounter()
        var last = 0.0
        for amount in [Int.max, Int.max, 1, 5_000, Int.max] {
            counter.increment(by: amount)
            #expect(counter.value >= last)
            last = counter.value
        }
        counter.increment(by: Double.greatestFiniteMagnitude)
        counter.increment(by: Double.greatestFiniteMagnitude)
        #expect(counter.value == .greatestFiniteMagnitude)
    }

    @Test func itIsRaisedToATotalAndNeverLowered() throws {
        let (registry, counter) = try makeCounter()
        counter.increment(by: 2)
        counter.raise(to: 5.5)
        #expect(counter.value == 5.5)
        counter.raise(to: 4)
        #expect(counter.value == 5.5)
        for total in [-1, Double.nan, .infinity] { counter.raise(to: total) }
        #expect(counter.value == 5.5)
        #expect(refusals(registry) == 3)
    }

    /// Once threads have met, each has a part of the number: the sum must still be whole and never fall.
    @Test func aReaderNeverSeesItFallWhileThreadsMeet() async throws {
        let (registry, counter) = try makeCounter()
        let spawner = TaskSpawner()
        let writers = (0..<4).map { _ in spawner.spawn { for _ in 0..<50_000 { counter.increment() } } }
        var last = 0.0
        var falls = 0
        for _ in 0..<2_000 {
            let value = counter.value
            if value < last { falls += 1 }
            last = value
        }
        for writer in writers { await writer.value }
        #expect(falls == 0)
        #expect(registry.prometheusText().contains("\nseawall_c_total 200000\n"))
    }

    @Test func noIncrementIsLostBetweenThreads() async throws {
        let (_, counter) = try makeCounter()
        let spawner = TaskSpawner()
        let tasks = (0..<4).map { _ in
            spawner.spawn {
                for _ in 0..<10_000 {
                    counter.increment()
                    counter.increment(by: 0.5)
                    counter.increment(by: 2_000)
                }
            }
        }
        for task in tasks { await task.value }
        #expect(counter.value == 40_000 * 2_001.5)
    }
}
