import SeawallBroker
import SeawallTime
import Testing

@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Every preset provokes what it says, and its faults strike as the seeds of it say.
@Suite struct FaultPresetTests {
    /// A client that makes every call there is, again and again, and keeps both streams open.
    private func run(_ plan: FaultPlan, rounds: Int = 100) throws -> (ChaosBroker, RecordingWorld) {
        let result = Lock<ChaosBroker?>(nil)
        let machine = RecordingWorld()
        let report = try Simulation(seed: 5).run { world in
            let base = EveryCall.base()
            let broker = try ChaosBroker(
                base, plan: plan, environment: world.environment, seed: world.seed, world: machine)
            result.withLock { $0 = broker }
            let listeners = [
                world.environment.spawner.spawn {
                    while (try? await world.time.sleep(for: .seconds(1))) != nil {
                        guard let events = try? await broker.userEvents() else { continue }
                        do { for try await _ in events {} } catch {}
                    }
                },
                world.environment.spawner.spawn {
                    while (try? await world.time.sleep(for: .seconds(1))) != nil {
                        guard let events = try? await broker.marketEvents(for: [EveryCall.symbol]) else { continue }
                        do { for try await _ in events {} } catch {}
                    }
                },
            ]
            let ticker = Ticker(symbol: EveryCall.symbol, bid: 1, ask: 2, last: 1, time: nil)
            for round in 1...Int64(rounds) {
                try await world.time.sleep(for: .seconds(16))
                base.update { $0.orders = EveryCall.orders }
                base.emit(.fill(EveryCall.fill(FillID("s\(round)")), sequence: EventSequence(round * 2)))
                base.emit(.heartbeat(sequence: EventSequence(round * 2 + 1)))
                base.emit(market: .ticker(ticker, sequence: EventSequence(round * 2)))
                base.emit(market: .heartbeat(sequence: EventSequence(round * 2 + 1)))
                for operation in BrokerOperation.allCases where ![.marketStream, .userStream].contains(operation) {
                    let page: PageCursor? = round.isMultiple(of: 2) ? "p2" : nil
                    _ = try? await EveryCall.answer(operation, of: broker, page: page)
                }
            }
            for listener in listeners { listener.cancel() }
        }
        #expect(report.isClean, "\(report)")
        return (try #require(result.withLock { $0 }), machine)
    }

    @Test(arguments: FaultPreset.all.map(\.name))
    func aPresetProvokesWhatItSays(name: String) throws {
        let preset = try #require(FaultPreset.named(name))
        try preset.plan.validate()
        // What is rare by itself needs a longer run.
        let (broker, machine) = try run(preset.plan, rounds: ["mix", "odd-streams"].contains(name) ? 400 : 100)
        let struck = Set(broker.report.map { FaultPreset.Strike(fault: $0.fault, operation: $0.operation) })
        for strike in preset.provokes.strikes { #expect(struck.contains(strike), "\(name): \(strike)") }
        #expect(broker.unstruck == [], "\(name)")
        let deeds = broker.report.filter { count in
            preset.plan.actions.contains { $0.name == count.fault && $0.effect.site == .world }
        }
        #expect(machine.deeds.count == deeds.map(\.count).reduce(0, +))
        #expect(preset.provokes.strikes.isEmpty == preset.plan.actions.isEmpty)
    }

    @Test func presetsHaveNamesAndSummariesOfTheirOwn() {
        let presets = FaultPreset.all
        #expect(Set(presets.map(\.name)).count == presets.count)
        #expect(Set(presets.map(\.summary)).count >= presets.count)
        #expect(FaultPreset.named("no such preset") == nil)
        for name in [
            "api-outage", "rate-limit-burst", "slippage-spike", "mark-stale", "preview-failures",
            "broker-read-failures", "mixed-failures", "ws-stale-messages", "ws-stale-heartbeat", "ws-disconnect",
            "ws-reconnect", "ws-gap", "ws-error", "ws-healthy", "reply-lost", "duplicates", "ban", "maintenance",
            "invisible-orders", "partial-pages", "clock-steps", "sleep", "crash", "flapping-stream", "second-process",
            "lost-before", "lost-after", "rate-limited", "outage", "late-fills", "duplicate-fills", "empty-orders",
            "mix",
        ] {
            #expect(FaultPreset.named(name) != nil, "\(name)")
        }
    }

    @Test func anOutageFailsItsShareUsesLimitsUpAndOpensBreakers() throws {
        let (broker, _) = try run(.apiOutage(errorRate: 0.25, openBreakers: []), rounds: 200)
        let errors = broker.report.filter { $0.fault == "api_error" && $0.operation != .place }.map(\.count)
        let share = Double(errors.reduce(0, +)) / Double(errors.count * 200)
        #expect(abs(share - 0.25) < 0.04)
        #expect(
            FaultPlan.apiOutage(openBreakers: [.orders, .reads]).actions.map(\.name).prefix(2)
                == ["breaker_orders", "breaker_reads"])
        #expect(
            FaultPlan.apiOutage(openBreakers: [.reads]).actions.first?.match.operations
                == OutageBreaker.reads.operations)
        #expect(OutageBreaker(rawValue: "typo") == nil)
        #expect(FaultPlan.apiOutage(errorRate: 0, usage: 0, openBreakers: []) == FaultPlan())
        #expect(throws: InvalidFields.self) { try FaultPlan.apiOutage(errorRate: 1.5).validate() }
        #expect(throws: InvalidFields.self) { try FaultPlan.apiOutage(usage: .nan).validate() }
    }

    @Test func countsAreExact() async throws {
        let base = EveryCall.base()
        let limited = try ChaosBroker(base, plan: .rateLimitBurst())
        var passed: [Bool] = []
        for _ in 0..<10 { passed.append((try? await limited.ticker(for: "BTC")) != nil) }
        #expect(passed == Array(repeating: true, count: 5) + [false, false, false, true, true])
        let previews = try ChaosBroker(base, plan: .previewFailures())
        var failed = 0
        for _ in 0..<9 where (try? await previews.preview(EveryCall.order("c9"))) == nil { failed += 1 }
        #expect(failed == 5)
        let usage = try ChaosBroker(base, plan: .apiOutage(errorRate: 0, openBreakers: []))
        #expect(try await usage.limits().map(\.used) == [2_280])
    }

    @Test func aSpikeMovesHalfToEachSideAndThinsTheBook() async throws {
        let base = EveryCall.base()
        base.update { $0.tickers["BTC"] = Ticker(symbol: "BTC", bid: 100, ask: 200, last: 150, time: nil) }
        let broker = try ChaosBroker(base, plan: .slippageSpike(basisPoints: 200))
        let ticker = try await broker.ticker(for: "BTC")
        #expect(ticker.bid == 99 && ticker.ask == 202 && ticker.last == 150)
        let book = try await broker.depth(for: "BTC", levels: 1)
        #expect(book.bids.first?.price == 99 && book.asks.first?.price == 202)
        #expect(book.bids.first?.quantity == Decimal(sign: .plus, exponent: -2, significand: 1))
        let stale = try ChaosBroker(base, plan: .markStale())
        #expect(try await stale.ticker(for: "BTC").last == 0)
    }
}
