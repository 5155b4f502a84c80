import Foundation
import SeawallTime
import Testing

@testable import SeawallExport
@testable import SeawallMetrics

@Suite struct TraceRequestTests {
    private func text(_ spans: [FinishedSpan], _ resource: [String: TraceValue] = [:]) -> String {
        String(decoding: TraceRequest(serviceName: "bot", resource: resource).body(spans), as: UTF8.self)
    }

    @Test func theTextIsThatOfTheStandard() {
        let event = FinishedSpan.Event(
            name: "retried", at: CivilInstant(nanosecondsSinceEpoch: 1_700_000_000_100_000_000),
            attributes: ["after": "timeout"], droppedAttributes: 2)
        var span = FinishedSpan.example(
            "order_submit", parent: 7,
            attributes: ["qty": 0.1, "ok": true, "n": -3, "symbol": "BTC-\"USD\"\\\n\0é😀", "bad": .number(.nan)],
            events: [event], status: .error("gone"))
        span.droppedAttributes = 5
        span.droppedEvents = 6
        #expect(
            text([span, .example(status: .ok)], ["host.name": "h", "service.name": "not this"])
                == #"""
                {"resourceSpans":[{"resource":{"attributes":[{"key":"host.name","value":{"stringValue":"h"}},\#
                {"key":"service.name","value":{"stringValue":"bot"}}]},"scopeSpans":[{"scope":{"name":"seawall"},"spans":[\#
                {"traceId":"000000000000000a0000000000000001","spanId":"000000000000000b","parentSpanId":"0000000000000007",\#
                "name":"order_submit","kind":1,"startTimeUnixNano":"1700000000000000001",\#
                "endTimeUnixNano":"1700000000250000001","attributes":[{"key":"bad","value":{"doubleValue":"NaN"}},\#
                {"key":"n","value":{"intValue":"-3"}},{"key":"ok","value":{"boolValue":true}},\#
                {"key":"qty","value":{"doubleValue":0.1}},\#
                {"key":"symbol","value":{"stringValue":"BTC-\"USD\"\\\u000a\u0000é😀"}}],\#
                "droppedAttributesCount":5,"events":[{"timeUnixNano":"1700000000100000000","name":"retried",\#
                "attributes":[{"key":"after","value":{"stringValue":"timeout"}}],"droppedAttributesCount":2}],\#
                "droppedEventsCount":6,"status":{"message":"gone","code":2}},\#
                {"traceId":"000000000000000a0000000000000001","spanId":"000000000000000b","name":"cycle","kind":1,\#
                "startTimeUnixNano":"1700000000000000001","endTimeUnixNano":"1700000000250000001","status":{"code":1}}]}]}]}
                """#)
    }

    @Test func timesBeforeTheEpochAndPastItsEndAreHeldAtIt() {
        var span = FinishedSpan.example()
        span.began = CivilInstant(nanosecondsSinceEpoch: .min)
        span.duration = .seconds(-1)
        #expect(text([span]).contains(#""startTimeUnixNano":"0","endTimeUnixNano":"0""#))
        span.began = CivilInstant(nanosecondsSinceEpoch: .max)
        span.duration = .seconds(Int64.max)
        let end = Int64.max
        #expect(text([span]).contains(#""startTimeUnixNano":"\#(end)","endTimeUnixNano":"\#(end)""#))
    }

    @Test func longTextsAreCutBetweenCharactersAndLongNamesLeftOut() {
        let long = String(repeating: "é", count: 500_000)
        let event = FinishedSpan.Event(
            name: "e" + long, at: CivilInstant(nanosecondsSinceEpoch: 1), attributes: ["": 1, "a": .text(long)],
            droppedAttributes: 1)
        let span = FinishedSpan.example(
            long, attributes: [long: 1, "a": .text(long), "b": "short", "c": .text("x" + long)], events: [event],
            status: .error("x" + long))
        let trimmed = span.trimmed(to: 101)
        let fifty = String(repeating: "é", count: 50)
        #expect(trimmed.name == fifty && trimmed.status == .error("x" + fifty))
        #expect(trimmed.attributes == ["a": .text(fifty), "b": "short", "c": .text("x" + fifty)])
        #expect(trimmed.droppedAttributes == 1)
        #expect(trimmed.events.map(\.name) == ["e" + fifty] && trimmed.events.map(\.droppedAttributes) == [2])
        #expect(trimmed.events.map(\.attributes) == [["a": .text(fifty)]])
        #expect(FinishedSpan.example("short").trimmed(to: 16) == .example("short"))
    }

    /// What is counted against the room is about what is sent.
    @Test func theSizeIsNearlyThatOfTheText() {
        var generator = SeededGenerator(seed: 3, stream: "spans")
        for count in 0..<200 {
            let span = RandomSpans.span(&generator)
            let bytes = text([span]).utf8.count
            // A character can become six where it is escaped; what surrounds the spans is not counted.
            #expect(span.approximateBytes < bytes + 500, "\(count)")
            #expect(bytes < span.approximateBytes * 6 + 500, "\(count)")
        }
    }
}
