import SeawallMetrics
import SeawallTime
import Testing

@Suite struct StateSetTests {
    @Test func exactlyOneStateHolds() throws {
        let registry = MetricsRegistry()
        let set = try registry.stateSet("s", help: "", states: ["a", "b", "c"], stateLabel: "state").with()
        #expect(set.current == "a")
        set.set("c")
        set.set("elsewhere")
        #expect(set.current == "c")
        #expect(registry.snapshot().gauges.map(\.value) == [0, 0, 1])
        #expect(registry.snapshot().gauges.map { $0.labels["state"] } == ["a", "b", "c"])
        #expect(registry.snapshot().counters.map(\.labels) == [["fault": "refused_update", "metric": "seawall_s"]])
    }

    @Test func aReadingNeverShowsTwoStatesOrNone() async throws {
        let registry = MetricsRegistry()
        let states = (0..<5).map { "s\($0)" }
        let set = try registry.stateSet("s", help: "", states: states).with()
        let spawner = TaskSpawner()
        let writer = spawner.spawn { for index in 0..<50_000 { set.set(states[index % 5]) } }
        var torn = 0
        for _ in 0..<500 where registry.snapshot().gauges.reduce(0, { $0 + $1.value }) != 1 { torn += 1 }
        await writer.value
        #expect(torn == 0)
    }

    @Test(arguments: [
        ([], nil, [String]()), (["a", "a"], nil, []), (["a"], "le", []), (["a"], "x", ["x"]),
        ((0..<101).map { "\($0)" }, nil, []),
    ]) func statesThatCannotBeShownAreRefused(states: [String], label: String?, labels: [String]) {
        let error = #expect(throws: MetricsError.self) {
            _ = try MetricsRegistry().stateSet("s", help: "", states: states, stateLabel: label, labels: labels)
        }
        #expect(error?.problems.count == 1)
    }

    @Test func otherStatesAreAConflict() throws {
        let registry = MetricsRegistry()
        let first = try registry.stateSet("s", help: "", states: ["a", "b"])
        #expect(try registry.stateSet("s", help: "", states: ["a", "b"]) === first)
        let error = #expect(throws: MetricsError.self) {
            _ = try registry.stateSet("s", help: "", states: ["a", "c"])
        }
        #expect(error?.problems == ["seawall_s: states differ"])
    }
}
