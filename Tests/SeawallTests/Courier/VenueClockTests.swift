import Seawall
import SeawallChaos
import SeawallTime
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct VenueClockTests {
    private static let rules = InstrumentRules(
        symbol: "BTCUSDT", tick: Decimal(sign: .plus, exponent: -2, significand: 1),
        lot: Decimal(sign: .plus, exponent: -3, significand: 1),
        minimumQuantity: Decimal(sign: .plus, exponent: -3, significand: 1), minimumNotional: 5, base: "BTC",
        quote: "USDT")

    private static let candle = Candle(
        openTime: CivilInstant(nanosecondsSinceEpoch: 0), open: 20_000, high: 20_000, low: 20_000, close: 20_000,
        volume: 1_000)

    /// A machine whose clock is wrong for good, in either direction, before it begins or while it trades.
    @Test(arguments: [Duration.seconds(3_600), .seconds(-3_600), .seconds(3)], [false, true])
    func aClockThatIsOffForGoodStopsNobody(step: Duration, isOffFromTheStart: Bool) throws {
        let report = try Simulation(seed: 7).run(for: .seconds(3_600)) { world in
            let market = try SimulatedMarket(Self.rules, candles: .recorded([Self.candle]))
            let venue = try world.venue(.binanceUSDM, markets: [market])
            try await world.machine { machine in
                if isOffFromTheStart { world.stepClock(by: step) }
                let guarded = try world.layer(venue: .binanceUSDM, broker: venue, on: machine)
                try await guarded.layer.start(symbols: ["BTCUSDT"])
                if !isOffFromTheStart {
                    world.stepClock(by: step)
                    // The first to find out is a read of the layer's own rhythm, or the bot.
                    try await machine.time.sleep(for: .seconds(31))
                }
                for number in 0..<5 {
                    let order = try await guarded.broker.place(
                        .limit(
                            .buy, quantity: "0.01", of: "BTCUSDT", at: "19000", intent: IntentID("intent-\(number)")))
                    #expect(order.status == .working)
                    try await machine.time.sleep(for: .seconds(400))
                }
                #expect(guarded.layer.status.isOpen)
                let alert = try #require(guarded.layer.alerts.openEpisodes.first { $0.code == "clock_skew" })
                #expect(alert.message.contains(step < .zero ? "behind" : "ahead"))
                world.stepClock(by: .zero - step)
                try await machine.time.sleep(for: .seconds(60))
                #expect(guarded.layer.alerts.openEpisodes.isEmpty)
            }
        }
        #expect(report.isClean && report.brokenPromises.isEmpty, "\(report) \(report.brokenPromises)")
    }

    /// A Retry-After that names an instant names it on the venue's clock, whether the venue minds ours or not.
    @Test(arguments: [Duration.seconds(90), .seconds(-90)], ["binance-usdm", "coinbase-advanced"])
    func aDateInAnAnswerIsReadByTheVenuesClock(step: Duration, venueName: String) throws {
        let profile = try #require(VenueProfile.named(venueName))
        let report = try Simulation(seed: 7).run(for: .seconds(600)) { world in
            let market = try SimulatedMarket(Self.rules, candles: .recorded([Self.candle]))
            let venue = try world.venue(profile, markets: [market])
            let limited = FaultAction(
                .rateLimited(retryAfter: .epochMilliseconds(in: .seconds(20))), on: .on(.ticker), times: 1)
            try await world.machine { machine in
                let guarded = try world.layer(
                    venue: profile, broker: try world.chaos(venue, plan: [limited]), on: machine)
                try await guarded.layer.start(symbols: ["BTCUSDT"])
                world.stepClock(by: step)
                try await machine.time.sleep(for: .seconds(31))
                // A read waits for the end and is tried again.
                let begin = machine.time.now
                _ = try await guarded.broker.ticker(for: "BTCUSDT")
                let waited = begin.duration(to: machine.time.now)
                #expect(waited >= .seconds(20) && waited < .seconds(25), "\(waited)")
            }
        }
        #expect(report.isClean && report.brokenPromises.isEmpty, "\(report) \(report.brokenPromises)")
    }

    @Test func aVenueThatRefusesItsOwnTimeRestrictsTradingUntilItTakesARequest() throws {
        try Rig.run { rig in
            rig.script.always(.balances, .fail(.answered("-1021")))
            _ = try? await rig.broker.balances()
            #expect(rig.layer.status.causes.map(\.cause.code) == ["clock_fault"])
            #expect(rig.script.attempts(of: .time) >= 1)
            rig.script.always(.balances, nil)
            _ = try await rig.broker.balances()
            #expect(rig.layer.status.isOpen)
        }
    }

    @Test func aVenueThatTellsNoTimeIsNamedInAnAlert() throws {
        try Rig.run(capabilities: DeterministicBroker.everything.subtracting([.serverTime])) { rig in
            rig.script.next(.balances, .fail(.answered("-1021")))
            _ = try await rig.broker.balances()
            #expect(rig.script.attempts(of: .time) == 0)
            #expect(rig.layer.alerts.history.first?.code == "clock_skew")
            #expect(rig.layer.status.isOpen)
        }
    }
}
