import SeawallMetrics
import SeawallTime
import Testing

private final class Kept: LogEventSink {
    private let kept = Lock<[LogEvent]>([])
    var events: [LogEvent] { kept.withLock { $0 } }
    func write(_ event: LogEvent) { kept.withLock { $0.append(event) } }
}

@Suite struct EventLogTests {
    @Test func eachPartHasItsLevel() {
        let sink = Kept()
        let log = EventLog(sink, level: .warning, levels: ["breaker": .debug, "noise": nil], time: ManualTime())
        for part in ["breaker", "limiter", "noise"] {
            for level in LogLevel.allCases { log.log(level, part, level.name) }
        }
        #expect(sink.events.filter { $0.part == "breaker" }.map(\.level) == LogLevel.allCases)
        #expect(sink.events.filter { $0.part == "limiter" }.map(\.code) == ["warning", "error", "critical"])
        #expect(!sink.events.contains { $0.part == "noise" })
        #expect(log.takes(.warning, from: "limiter") && !log.takes(.info, from: "limiter"))
    }

    @Test func whatIsNotTakenIsNotBuilt() {
        var built = 0
        func fields() -> [String: TraceValue] {
            built += 1
            return ["a": 1]
        }
        EventLog.off.log(.critical, "breaker", "opened", fields())
        EventLog(Kept(), level: .error).log(.info, "breaker", "opened", fields())
        #expect(built == 0)
        let sink = Kept()
        EventLog(sink, level: .error).log(.error, "breaker", "opened", fields())
        #expect(built == 1 && sink.events[0].fields == ["a": 1])
    }

    @Test func aClosureIsASinkToo() {
        let codes = Lock<[String]>([])
        let log = EventLog(level: .warning, levels: ["breaker": .info]) { event in
            codes.withLock { $0.append(event.code) }
        }
        log.log(.info, "breaker", "opened")
        log.log(.info, "limiter", "refused")
        log.log(.error, "limiter", "shut")
        #expect(codes.withLock { $0 } == ["opened", "shut"])
    }

    @Test func anEventCarriesItsTimeItsTaskAndItsSpan() async {
        let sink = Kept()
        let time = ManualTime()
        let log = EventLog(sink, time: time)
        let tracer = Tracer(InMemorySpanExporter(), time: time)
        Correlation.with(Correlation(cycle: 4)) {
            tracer.span("cycle") { span in
                log.log(.info, "limiter", "refused")
                #expect(sink.events[0].span == span.context)
            }
        }
        #expect(sink.events[0].correlation.cycle == 4)
        #expect(sink.events[0].at == time.civilNow)
    }
}
