import SeawallChaos
import SeawallTime
import Testing

@testable import Seawall

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The bot's cycles: their numbers, their ends, and the spans that follow from them.
@Suite struct CycleTests {
    private static func run(
        _ configuration: LayerConfiguration = LayerConfiguration(), exporter: InMemorySpanExporter? = nil,
        log: EventLog? = nil, _ body: @escaping @Sendable (Rig) async throws -> Void
    ) throws {
        let report = try Simulation(seed: 3).run(for: .seconds(3_600)) { world in
            var configuration = configuration
            if let exporter {
                configuration.tracer = Tracer(exporter, time: world.time, random: world.environment.random)
            }
            if let log { configuration.log = log }
            try await body(try Rig(world.environment, configuration: configuration))
        }
        #expect(report.isClean, "\(report)")
    }

    @Test func aCycleGivesBackWhatItsBodyGives() throws {
        try Self.run { rig in
            #expect(rig.layer.cycle { 7 } == 7)
            let price = try await rig.layer.cycle { try await rig.broker.ticker(for: Rig.symbol).bid }
            #expect(price == 99)
            #expect(throws: Mishap.self) { try rig.layer.cycle { () throws(Mishap) in throw Mishap() } }
            await #expect(throws: BrokerError.self) {
                try await rig.layer.cycle {
                    rig.script.next(.ticker, .fail(.answered("-2015", status: 401)))
                    _ = try await rig.broker.ticker(for: Rig.symbol)
                }
            }
        }
    }

    @Test func numbersRiseByOneAndTheTaskCarriesThem() throws {
        try Self.run { rig in
            #expect(Correlation.current.cycle == nil)
            for expected in 1...3 {
                let number = try await rig.layer.cycle {
                    try await rig.pass(.seconds(1))
                    return Correlation.current.cycle
                }
                #expect(number == expected)
            }
            #expect(rig.layer.cycle { Correlation.current.cycle } == 4)
            #expect(Correlation.current.cycle == nil)
        }
    }

    @Test func cyclesSideBySideAreCountedEach() throws {
        try Self.run { rig in
            await withTaskGroup { group in
                for _ in 0..<5 {
                    group.addTask { await rig.layer.cycle { try? await rig.pass(.seconds(2)) } }
                }
            }
            #expect(rig.layer.metrics.reading("cycle_number") == 5)
            #expect(rig.layer.metrics.reading("cycles_running") == 0)
            #expect(rig.layer.metrics.reading("cycle_duration_seconds", ["result": "ok"]) == 5)
        }
    }

    @Test func aCancelledTaskIsACancelledCycle() throws {
        try Self.run { rig in
            await withThrowingTaskGroup { group in
                group.addTask { try await rig.layer.cycle { try await rig.pass(.seconds(100)) } }
                try? await rig.pass(.seconds(1))
                group.cancelAll()
                await #expect(throws: CancellationError.self) { try await group.next() }
            }
            #expect(rig.layer.metrics.reading("cycle_duration_seconds", ["result": "cancelled"]) == 1)
            #expect(rig.layer.metrics.reading("cycle_duration_seconds", ["result": "error"]) == 0)
        }
    }

    @Test func anAgeGrowsWhileTheBotHangs() throws {
        try Self.run { rig in
            #expect(rig.layer.metrics.reading("cycle_age_seconds")?.isNaN == true)
            #expect(rig.layer.metrics.reading("cycle_last_timestamp_seconds")?.isNaN == true)
            rig.layer.cycle {}
            try await rig.pass(.seconds(600))
            #expect(rig.layer.metrics.reading("cycle_age_seconds") == 600)
        }
    }

    @Test func spansOfACycleAnOrderAndItsRequestLieInEachOther() throws {
        let exporter = InMemorySpanExporter()
        try Self.run(exporter: exporter) { rig in
            try await rig.layer.cycle {
                var order = try Rig.sell("a", "2")
                order.isReduceOnly = true
                _ = try await rig.broker.place(order)
            }
            let spans = exporter.spans
            #expect(spans.map(\.name) == ["http_request", "order_submit", "cycle"])
            let (request, submission, cycle) = (spans[0], spans[1], spans[2])
            #expect(cycle.parent == nil)
            #expect(submission.parent == cycle.context.span)
            #expect(request.parent == submission.context.span)
            #expect(Set(spans.map(\.context.traceID)).count == 1)
            #expect(cycle.attributes["cycle"] == 1)
            #expect(cycle.attributes["result"] == "ok")
            #expect(cycle.attributes["duration_seconds"] != nil)
            #expect(submission.attributes["symbol"] == "BTCUSDT")
            #expect(submission.attributes["side"] == "sell")
            #expect(submission.attributes["order_type"] == "limit")
            #expect(submission.attributes["quantity"] == "2")
            #expect(submission.attributes["reduce_only"] == true)
            #expect(submission.attributes["result"] == "success")
            #expect(submission.attributes["cycle"] == 1)
            let clientID = try #require(rig.recorder.clientID(of: "a"))
            #expect(request.attributes["order_id"] == .text(clientID.rawValue))
            #expect(request.attributes["operation"] == "place")
            #expect(request.attributes["http.latency_ms"] == 0.0)
        }
    }

    @Test(arguments: [
        "/ticker", "/ticker?signature=s3cret", "/ticker#s3cret?x", "/ticker?a=1#b", "/ticker?\u{301}s3cret",
    ])
    func anAdapterMayTellOfTheWireAndWhatFollowsThePathStaysHere(path: String) throws {
        struct Wired: InterceptingBroker {
            let base: any Broker
            let path: String

            func intercept<Answer: Sendable>(
                _ call: BrokerCall, _ proceed: @Sendable () async throws -> Answer
            ) async throws -> Answer {
                RequestContext.current?.report(HTTPExchange(method: "GET", path: path, status: 200))
                return try await proceed()
            }
        }
        let exporter = InMemorySpanExporter()
        let report = try Simulation(seed: 1).run { world in
            var configuration = LayerConfiguration()
            configuration.tracer = Tracer(exporter, time: world.time, random: world.environment.random)
            let layer = try ReliabilityLayer(
                venue: .binanceUSDM, broker: Wired(base: DeterministicBroker(), path: path),
                configuration: configuration,
                environment: world.environment)
            _ = try await layer.broker.ticker(for: Rig.symbol)
            let attributes = exporter.spans.first?.attributes
            #expect(attributes?["http.method"] == "GET")
            #expect(attributes?["http.path"] == "/ticker")
            #expect(attributes?["http.status_code"] == 200)
        }
        #expect(report.isClean, "\(report)")
    }

    @Test func whatFailsIsTheStatusOfItsSpan() throws {
        let exporter = InMemorySpanExporter()
        try Self.run(exporter: exporter) { rig in
            rig.script.next(.place, .fail(.answered("-2019")))
            _ = try await rig.failure(of: Rig.buy("a"))
            let request = try #require(exporter.spans.first { $0.name == "http_request" })
            #expect(request.status == .error("BrokerError"))
            #expect(request.attributes["http.status_code"] == 400)
            let submission = try #require(exporter.spans.first { $0.name == "order_submit" })
            #expect(submission.attributes["result"] == "rejected")
            #expect(submission.status == .error("GuardError"))
        }
    }

    @Test func withoutATracerNothingIsCarried() throws {
        try Self.run { rig in
            let carried = Lock(Correlation?.none)
            _ = try await rig.layer.broker.submit(Rig.buy("a"), as: "x") {
                carried.withLock { $0 = Correlation.current }
                return (try await rig.broker.place(Rig.buy("a")), true)
            }
            #expect(carried.withLock { $0 } == Correlation())
        }
    }
}
