import Testing

@testable import Seawall
@testable import SeawallChaos
@testable import seawall_drill

@Suite struct ReportTests {
    private func record(_ seconds: Int64, _ body: RunRecord.Body) -> RunRecord {
        RunRecord(at: MonotonicInstant(nanoseconds: seconds * 1_000_000_000), boot: 0, body: body)
    }

    private func moved(_ state: OrderStatus) -> RunRecord.Body {
        .layer(.order(LedgerChange(intent: "i", clientID: "c", venueID: nil, symbol: "S", state: state)))
    }

    @Test func jsonKeepsItsOrderAndEscapes() {
        let value = JSONText.object([
            ("b", .integer(.max)), ("a", .array([.null, .bool(true), .number(0.5), .number(3)])),
            ("c", .string("\"\\\n\u{1}ü")),
        ])
        #expect(value.text == #"{"b": 18446744073709551615, "a": [null, true, 0.5, 3], "c": "\"\\\n\u0001ü"}"#)
    }

    @Test func theTimelineSaysHowAnUnknownWasResolved() {
        var timeline = Timeline()
        timeline.observe(record(10, moved(.sent)))
        timeline.observe(record(11, moved(.unknown)))
        timeline.observe(record(12, moved(.unknown)))
        timeline.observe(record(13, moved(.working)))
        timeline.observe(record(14, moved(.filled)))
        #expect(timeline.entries.map(\.text) == ["unknown i: working after 2.0 s, without a question"])
    }

    @Test func theTimelineNamesWhatStaysUnknown() {
        var timeline = Timeline()
        timeline.observe(record(3_661, moved(.unknown)))
        timeline.observe(record(4_000, .end(lines: 0, hash: 0)))
        #expect(timeline.entries.map(\.text) == ["order c still unknown since 1:01:01"])
    }

    @Test func theTimelineSumsUpFaultsAndKeepsTheFirstOfAKind() {
        var timeline = Timeline()
        for index in 0..<Int64(20) {
            let fault = FaultRecord(fault: "outage", operation: .place, request: nil)
            timeline.observe(record(index * 700, .fault(fault)))
            timeline.observe(record(index * 700 + 1, .fault(fault)))
        }
        timeline.observe(record(20_000, .end(lines: 0, hash: 0)))
        #expect(timeline.entries.count == Timeline.most)
        #expect(timeline.entries.first?.text == "faults: outage place 2")
        #expect(timeline.omitted == 20 - Timeline.most)
    }

    @Test func theCommandThatShowsARunAgainIsQuotedForAShell() {
        var options = DrillOptions()
        options.candles = ["a b's.csv"]
        let command = Reproduction.command(options, scenario: "mix", seed: 9, hours: 2)
        #expect(
            command.contains(
                "seawall-drill --scenario mix --seed 9 --hours 2 --venue binance-usdm --candles 'a b'\\''s.csv'  # "))
        #expect(command.contains("Swift 6"), "the build that it is valid for")
    }

    @Test func valuesInErrorsStayOnOneShortLine() {
        #expect(BadInput.quoted("a\nb\u{0}") == "\"a\\nb\\u{0}\"")
        #expect(BadInput.quoted(String(repeating: "x", count: 500)).count == 83)
    }

    @Test func pathsOfSeveralScenariosCarryTheirNames() throws {
        var options = DrillOptions()
        let every = try DrillPlan(options)
        #expect(every.path("a.b/run.jsonl", of: .calm) == "a.b/run.calm.jsonl")
        #expect(every.path("a.b/run", of: .calm) == "a.b/run.calm")
        #expect(every.path(".run", of: .calm) == ".run.calm")
        options.scenario = "calm"
        #expect(try DrillPlan(options).path("run.jsonl", of: .calm) == "run.jsonl")
    }
}
