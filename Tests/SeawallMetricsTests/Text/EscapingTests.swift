import SeawallMetrics
import SeawallTestSupport
import SeawallTime
import Testing

@Suite struct EscapingTests {
    @Test func anyValueStaysInItsLabelAndReadsBack() throws {
        var random = SeededGenerator(seed: 11, stream: "escaping")
        for _ in 0..<400 {
            let values = [random.nastyText(), random.nastyText()]
            let registry = MetricsRegistry()
            let help = random.nastyText()
            try registry.counter("c", help: help, labels: ["a", "b"]).with(["a": values[0], "b": values[1]]).increment()
            let family = try #require(
                try ExpositionParser.parse(registry.prometheusText()).first { $0.name == "seawall_c" })
            #expect(family.help == SeededGenerator.shown(help))
            let shown = values.map { SeededGenerator.shown($0) }
            #expect(family.samples.map(\.labels) == [["a": shown[0], "b": shown[1]]])
        }
    }

    @Test func aValueCannotPretendToBeAnotherLabel() throws {
        let registry = MetricsRegistry()
        let family = try registry.counter("c", help: "", labels: ["a", "b"])
        family.with(["a": "x\",b=\"y", "b": ""]).increment()
        family.with(["a": "x", "b": "y"]).increment(by: 5)
        let samples = try ExpositionParser.parse(registry.prometheusText()).flatMap(\.samples)
        #expect(samples.map(\.value) == [5, 1])
        #expect(registry.snapshot().counters.map(\.value) == [5, 1])
    }

    @Test func aNULIsShownAsAnotherSignAndMakesNoSecondSeries() throws {
        let registry = MetricsRegistry()
        let family = try registry.counter("c", help: "a\0b", labels: ["a"])
        #expect(family.with(["a": "x\0"]) === family.with(("a", "x\0")))
        #expect(family.with(["a": "x\0"]) === family.with(["a": "x\u{FFFD}"]))
        #expect(!registry.prometheusBytes().contains(0))
        #expect(!Array(registry.openMetricsText().utf8).contains(0))
    }

    @Test func aValueOfAMegabyteGoesToTheOverflowSeries() throws {
        let registry = MetricsRegistry()
        let family = try registry.counter("c", help: "", labels: ["a"])
        family.with(["a": String(repeating: "é", count: 500_000)]).increment()
        family.with(["a": String(repeating: "x", count: 1_024)]).increment(by: 2)
        family.with(["a": String(repeating: "x", count: 1_025)]).increment(by: 4)
        let readings = registry.snapshot().counters.filter { $0.name == "seawall_c" }
        #expect(readings.map(\.value) == [5, 2])
        #expect(readings[0].labels == ["a": MetricsRegistry.overflowLabelValue])
        #expect(registry.prometheusBytes().count < 4_096)
    }

    @Test func whatEveryLineWouldCarryIsRefusedWhereItIsThatLong() throws {
        let (most, more) = (String(repeating: "x", count: 1_024), String(repeating: "x", count: 1_025))
        let registry = try MetricsRegistry(prefix: "", constantLabels: ["account": most])
        let error = #expect(throws: MetricsError.self) {
            try MetricsRegistry(prefix: "", constantLabels: ["account": more])
        }
        #expect("\(try #require(error))".contains("label \"account\": its value has 1025 bytes, expected at most 1024"))
        _ = try registry.stateSet("long", help: "", states: [most])
        #expect(throws: MetricsError.self) { _ = try registry.stateSet("longer", help: "", states: [more]) }
        let twice = #expect(throws: MetricsError.self) {
            try registry.stateSet("twice", help: "", states: ["a", "a"])
        }
        #expect("\(try #require(twice))".contains(#"states "a", "a": expected each once"#))
    }
}
