import SeawallMetrics
import SeawallTime
import Testing

@Suite struct SeriesTests {
    private func faults(_ registry: MetricsRegistry) -> [String: Double] {
        let readings = registry.snapshot().counters.filter { $0.name == "seawall_metrics_faults_total" }
        return Dictionary(uniqueKeysWithValues: readings.map { ($0.labels["fault"] ?? "", $0.value) })
    }

    @Test func theOrderOfLabelsDoesNotMatter() throws {
        let family = try MetricsRegistry().gauge("g", help: "", labels: ["a", "b", "c"])
        let one = family.with(["a": "1", "b": "2", "c": "3"])
        #expect(family.with(["c": "3", "a": "1", "b": "2"]) === one)
        #expect(family.with(["c": "1", "a": "3", "b": "2"]) !== one)
    }

    @Test func aChildIsTheSameHoweverItIsAskedFor() throws {
        var random = SeededGenerator(seed: 6, stream: "children")
        let registry = try MetricsRegistry(prefix: "", seriesLimit: 5_000)
        let pairs = try registry.counter("pairs", help: "", labels: ["b", "a"])
        let single = try registry.counter("single", help: "", labels: ["a"])
        // Values of every length about the words that the lookup reads.
        func text() -> String {
            String((0..<random.below(40)).map { _ in Character(random.pick(["a", "b", "é", "\u{1F600}", "\"", " "])) })
        }
        for _ in 0..<2_000 {
            let (first, second) = (text(), text())
            let child = pairs.with(["a": first, "b": second])
            #expect(pairs.with(("a", first), ("b", second)) === child)
            #expect(pairs.with(("b", second), ("a", first)) === child)
            #expect((pairs.with(("a", second), ("b", first)) === child) == (first == second))
            #expect(single.with(("a", first)) === single.with(["a": first]))
        }
        #expect(faults(registry).isEmpty)
    }

    @Test func wrongNamesOfSingleLabelsAreCounted() throws {
        let registry = MetricsRegistry()
        let pairs = try registry.counter("pairs", help: "", labels: ["b", "a"])
        let single = try registry.counter("single", help: "", labels: ["a"])
        pairs.with(("a", "1"), ("a", "2")).increment()
        pairs.with(("a", "1"), ("c", "2")).increment()
        pairs.with(("a", "1")).increment()
        single.with(("b", "1")).increment()
        single.with(("a", "1"), ("b", "1")).increment()
        let counters = registry.snapshot().counters
        #expect(counters.map(\.value) == [3, 2])
        #expect(counters.allSatisfy { $0.name == "seawall_metrics_faults_total" })
    }

    @Test func seriesStandInTheOrderOfTheBytesOfTheirValues() throws {
        let registry = try MetricsRegistry(prefix: "")
        let family = try registry.counter("c", help: "", labels: ["a", "b"])
        for (first, second) in [("b", "a"), ("a", "b"), ("a", ""), ("aa", "a"), ("é", "a"), ("B", "z"), ("a", "a")] {
            family.with(("a", first), ("b", second)).increment()
        }
        let labels = registry.snapshot().counters.map { ($0.labels["a"] ?? "") + "|" + ($0.labels["b"] ?? "") }
        #expect(labels == ["B|z", "a|", "a|a", "a|b", "aa|a", "b|a", "é|a"])
    }

    @Test(arguments: [
        Labels([:]), ["a": "1"], ["a": "1", "x": "2"], ["a": "1", "b": "2", "c": "3"], ["a": "1", "a": "2"],
    ])
    func wrongLabelsAreCountedAndShownNowhere(labels: Labels) throws {
        let registry = MetricsRegistry()
        let family = try registry.counter("c", help: "", labels: ["a", "b"])
        family.with(labels).increment()
        family.with(labels).increment()
        #expect(faults(registry) == ["wrong_labels": 2])
        #expect(!registry.snapshot().counters.contains { $0.name == "seawall_c" })
    }

    @Test func aMetricWithoutLabelsIsThereAtZero() throws {
        let registry = MetricsRegistry()
        _ = try registry.counter("c", help: "")
        _ = try registry.histogram("h", help: "")
        let snapshot = registry.snapshot()
        #expect(snapshot.counters.map(\.value) == [0])
        #expect(snapshot.histograms.map(\.count) == [0])
        #expect(faults(registry).isEmpty)
    }

    @Test func seriesPastTheLimitShareOneThatSaysSo() throws {
        let registry = try MetricsRegistry(prefix: "seawall_", seriesLimit: 3)
        let family = try registry.counter("c", help: "", labels: ["a"])
        for value in 0..<10 { family.with(["a": "\(value)"]).increment() }
        family.with(["a": "1"]).increment()
        let readings = registry.snapshot().counters.filter { $0.name == "seawall_c" }
        #expect(readings.map { $0.labels["a"] } == ["0", "1", "2", "__overflow__"])
        #expect(readings.map(\.value) == [1, 2, 1, 7])
        #expect(faults(registry) == ["overflow": 7])
    }

    @Test func theOverflowSeriesTakesNoPlaceOfOthers() throws {
        let registry = try MetricsRegistry(prefix: "seawall_", seriesLimit: 2)
        let family = try registry.counter("c", help: "", labels: ["a"])
        for value in [String(repeating: "x", count: 2_000), "1", "2", "3"] { family.with(["a": value]).increment() }
        let readings = registry.snapshot().counters.filter { $0.name == "seawall_c" }
        #expect(readings.map { $0.labels["a"] } == ["1", "2", "__overflow__"])
    }

    @Test func anyNumberOfLabelValuesStaysWithinTheDefaultLimit() throws {
        let registry = MetricsRegistry()
        let family = try registry.counter("c", help: "", labels: ["a"])
        for value in 0..<20_000 { family.with(["a": "\(value)"]).increment() }
        let readings = registry.snapshot().counters.filter { $0.name == "seawall_c" }
        #expect(readings.count == 1_001)
        #expect(readings.reduce(0) { $0 + $1.value } == 20_000)
    }

    @Test func threadsThatAskForTheSameChildGetTheSame() async throws {
        let registry = MetricsRegistry()
        let spawner = TaskSpawner()
        let tasks = (0..<4).map { _ in
            spawner.spawn {
                for index in 0..<2_000 {
                    let family = try? registry.counter("c", help: "", labels: ["a"])
                    // Every child is asked for while others are made.
                    family?.with(("a", "\(index % 500)")).increment()
                }
            }
        }
        for task in tasks { await task.value }
        let readings = registry.snapshot().counters
        #expect(readings.count == 500)
        #expect(readings.allSatisfy { $0.value == 16 })
    }
}
