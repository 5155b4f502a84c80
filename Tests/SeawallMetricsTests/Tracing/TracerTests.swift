import SeawallMetrics
import SeawallTime
import Testing

private struct Broken: Error, Equatable {}

@Suite struct TracerTests {
    private let time = ManualTime(civil: CivilInstant(nanosecondsSinceEpoch: 1_000_000_000))
    private let exporter = InMemorySpanExporter()

    private func makeTracer() -> Tracer {
        Tracer(exporter, time: time, random: SeededRandom(seed: 1, stream: "ids"))
    }

    @Test func spansNestAndInnerOnesEndFirst() async throws {
        let tracer = makeTracer()
        await tracer.span("cycle", ["cycle": 7]) { cycle in
            await TaskSpawner().spawn { time.advance(by: .seconds(1)) }.value
            tracer.span("http_request", ["http.method": "GET"]) { request in
                time.advance(by: .seconds(2))
                request.set("http.status_code", 200)
                request.addEvent("retried", ["after": "timeout"])
                #expect(request.context == SpanContext.current)
            }
            cycle.set("result", "ok")
            cycle.set("nothing", nil)
            cycle.setStatus(.ok)
            #expect(cycle.context == SpanContext.current)
        }
        #expect(SpanContext.current == nil)
        #expect(exporter.spans.map(\.name) == ["http_request", "cycle"])
        let inner = try #require(exporter.spans.first)
        let outer = try #require(exporter.spans.last)
        #expect(inner.parent == outer.context.span && outer.parent == nil)
        #expect(inner.context.traceID == outer.context.traceID && inner.context.spanID != outer.context.spanID)
        #expect(inner.attributes == ["http.method": "GET", "http.status_code": 200])
        #expect(inner.events.map(\.at) == [CivilInstant(nanosecondsSinceEpoch: 4_000_000_000)])
        #expect(inner.events.map(\.attributes) == [["after": "timeout"]])
        #expect(inner.began == CivilInstant(nanosecondsSinceEpoch: 2_000_000_000))
        #expect(inner.duration == .seconds(2) && outer.duration == .seconds(3))
        #expect(outer.attributes == ["cycle": 7, "result": "ok"])
        #expect(outer.status == .ok && inner.status == .unset)
    }

    @Test func anErrorBecomesTheStatusAndKeepsItsType() {
        let tracer = makeTracer()
        do throws(Broken) {
            try tracer.span("a") { (_) throws(Broken) in throw Broken() }
        } catch {
            #expect(error == Broken())
        }
        #expect(throws: CancellationError.self) {
            try tracer.span("b") { _ in throw CancellationError() }
        }
        #expect(exporter.spans.map(\.status) == [.error("Broken"), .error("cancelled")])
    }

    @Test func spansCarryWhatCorrelatesTheirTask() async {
        let tracer = makeTracer()
        await Correlation.with(Correlation(correlationID: "c-1", cycle: 3)) {
            await Correlation.with(Correlation(symbol: "BTC-USD", orderID: "o-1")) {
                tracer.span("order_submit", ["symbol": "given"]) { _ in }
                let spawned = TaskSpawner().spawn { tracer.span("in a task") { _ in } }
                await spawned.value
            }
            tracer.span("after") { _ in }
        }
        #expect(
            exporter.spans.map(\.attributes) == [
                ["correlation_id": "c-1", "cycle": 3, "symbol": "given", "order_id": "o-1"],
                ["correlation_id": "c-1", "cycle": 3, "symbol": "BTC-USD", "order_id": "o-1"],
                ["correlation_id": "c-1", "cycle": 3],
            ])
    }

    @Test func offItDoesNothingAtAll() throws {
        var built = 0
        func attributes() -> [String: TraceValue] {
            built += 1
            return [:]
        }
        let answer = Tracer.off.span("a", attributes()) { span in
            span.set("b", .whole(attributes().count))
            span.addEvent("c", attributes())
            #expect(!span.isRecording && span.context == nil && SpanContext.current == nil)
            return 5
        }
        Tracer.off.start("by hand", attributes()).end()
        #expect(answer == 5 && built == 0 && !Tracer.off.isOn)
    }

    @Test func byHandItEndsOnceAndTakesNothingAfter() {
        let tracer = makeTracer()
        let parent = SpanContext(traceHigh: 1, traceLow: 2, span: 3)
        let span = tracer.start("x", parent: parent)
        for _ in 0..<200 { span.addEvent("e") }
        span.end()
        span.set("late", true)
        span.setStatus(.ok)
        span.end()
        #expect(exporter.spans.count == 1)
        #expect(exporter.spans[0].context.traceID == "00000000000000010000000000000002")
        #expect(exporter.spans[0].parent == 3)
        #expect(exporter.spans[0].attributes.isEmpty && exporter.spans[0].status == .unset)
        #expect(exporter.spans[0].events.count == 128 && exporter.spans[0].droppedEvents == 72)
    }

    @Test func attributesPastTheLimitAreCountedAndThoseThereCanStillChange() throws {
        let tracer = makeTracer()
        let many = Dictionary(uniqueKeysWithValues: (0..<1_000).map { ("k\($0 + 1_000)", TraceValue.whole($0)) })
        let span = tracer.start("x", many)
        span.set("k1000", "changed")
        span.set("late", true)
        span.addEvent("e", many)
        span.end()
        let ended = try #require(exporter.spans.first)
        let first = Set((0..<128).map { "k\($0 + 1_000)" })
        #expect(Set(ended.attributes.keys) == first && ended.droppedAttributes == 1_000 - 128 + 1)
        #expect(ended.attributes["k1000"] == "changed")
        let event = try #require(ended.events.first)
        #expect(Set(event.attributes.keys) == first && event.droppedAttributes == 1_000 - 128)
        tracer.start("y", ["a": 1]).end()
        #expect(exporter.spans.last?.droppedAttributes == 0)
    }

    @Test(arguments: 1...4) func theExporterInMemoryKeepsTheLast(capacity: Int) {
        let small = InMemorySpanExporter(capacity: capacity)
        let tracer = Tracer(small, time: time)
        for _ in 0..<2 {
            for count in 1...11 {
                tracer.start("\(count)").end()
                let kept = min(count, capacity)
                #expect(small.spans.map(\.name) == (count - kept + 1...count).map { "\($0)" })
                #expect(small.droppedCount == count - kept)
            }
            small.removeAll()
            #expect(small.spans.isEmpty && small.droppedCount == 0)
        }
    }

    @Test func theSameSeedGivesTheSameIDs() {
        for _ in 0..<2 { makeTracer().start("a").end() }
        #expect(exporter.spans[0].context == exporter.spans[1].context)
    }
}
