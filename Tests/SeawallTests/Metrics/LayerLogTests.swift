import Seawall
import SeawallChaos
import SeawallMetrics
import SeawallTime
import Testing

/// The log events of a layer.
@Suite struct LayerLogTests {
    private final class Kept: LogEventSink {
        private let kept = Lock([LogEvent]())

        var events: [LogEvent] { kept.withLock { $0 } }

        func write(_ event: LogEvent) { kept.withLock { $0.append(event) } }

        func events(_ part: String, _ code: String) -> [LogEvent] {
            events.filter { $0.part == part && $0.code == code }
        }
    }

    private static func run(
        level: LogLevel = .debug, levels: [String: LogLevel?] = [:],
        _ body: @escaping @Sendable (Rig, Kept) async throws -> Void
    ) throws {
        let report = try Simulation(seed: 3).run(for: .seconds(3_600)) { world in
            let kept = Kept()
            var configuration = LayerConfiguration()
            configuration.log = EventLog(kept, level: level, levels: levels, time: world.time)
            try await body(try Rig(world.environment, configuration: configuration), kept)
        }
        #expect(report.isClean, "\(report)")
    }

    @Test func everyPartSaysWhatHappens() throws {
        try Self.run { rig, kept in
            try await rig.start(position: 1)
            try await rig.pass(.seconds(1))
            _ = try await rig.broker.place(Rig.buy("a"))
            rig.script.next(.place, .fail(.limited(seconds: 2)))
            _ = try await rig.failure(of: Rig.buy("b"))
            rig.script.next(.ticker, .fail(.reset))
            _ = try await rig.broker.ticker(for: Rig.symbol)
            try rig.layer.breakers.isolate("reads", reason: "test")
            rig.layer.kill(reason: "test")
            rig.base.update { $0.orders = [] }
            rig.base.endUserEvents(throwing: Mishap())
            rig.layer.cycle {}
            try await rig.pass(.seconds(60))
            let expected: [(String, String, LogLevel)] = [
                ("stream", "connected", .info), ("stream", "interrupted", .warning),
                ("order", "prepared", .debug), ("order", "working", .debug),
                ("order", "submitted", .info), ("order", "submitted", .warning),
                ("request", "succeeded", .debug), ("request", "failed", .info), ("request", "retry", .info),
                ("limiter", "shut", .warning), ("breaker", "isolated", .warning), ("permission", "raised", .error),
                ("permission", "raised", .warning), ("sweep", "begin", .warning),
                ("reconciliation", "drift", .warning), ("cycle", "ok", .debug),
            ]
            for (part, code, level) in expected {
                #expect(kept.events(part, code).contains { $0.level == level }, "\(part) \(code) \(level.name)")
            }
            let limited = try #require(kept.events("limiter", "shut").first)
            #expect(limited.fields["scope"] == "ip")
            #expect(limited.fields["seconds"] == 2.0)
        }
    }

    @Test func eachPartHasALevelOfItsOwn() throws {
        try Self.run(level: .warning, levels: ["order": .debug, "breaker": nil]) { rig, kept in
            _ = try await rig.broker.place(Rig.buy("a"))
            try rig.layer.breakers.isolate("reads", reason: "test")
            #expect(Set(kept.events.map(\.part)) == ["order", "permission"])
        }
    }

    @Test func eventsOfAnOrderSayWhichAndInWhichCycle() throws {
        try Self.run { rig, kept in
            try await rig.layer.cycle { _ = try await rig.broker.place(Rig.buy("a")) }
            let clientID = try #require(rig.recorder.clientID(of: "a"))
            let request = try #require(kept.events("request", "succeeded").first)
            #expect(request.correlation == Correlation(cycle: 1, symbol: "BTCUSDT", orderID: clientID.rawValue))
            #expect(kept.events("cycle", "ok").first?.fields["cycle"] == 1)
        }
    }
}
