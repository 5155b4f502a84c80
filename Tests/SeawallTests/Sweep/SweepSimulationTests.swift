import Seawall
import SeawallChaos
import SeawallTime
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A bot that goes on placing while a switch is pulled, before a venue that loses replies, judged from the record.
@Suite struct SweepSimulationTests {
    private static let rules = InstrumentRules(
        symbol: Rig.symbol, tick: 1, lot: Decimal(sign: .plus, exponent: -3, significand: 1),
        minimumQuantity: Decimal(sign: .plus, exponent: -3, significand: 1), minimumNotional: 5, base: "BTC",
        quote: "USDT")

    private static let faults = [
        FaultAction(
            .lostAfter(.silence(for: .seconds(20))), on: FaultMatch(operations: [.place, .cancel, .cancelAll]),
            probability: 0.3),
        FaultAction(
            .lostBefore(.reset(after: .milliseconds(50))), on: FaultMatch(operations: [.place, .openOrders]),
            probability: 0.3),
    ]

    @Test(arguments: 0..<8)
    func aKillUnderFaultsKeepsEveryPromise(seed: Int) throws {
        let report = try Simulation(seed: UInt64(seed)).run(for: .seconds(600)) { world in
            let market = try SimulatedMarket(
                Self.rules, candles: .randomWalk(start: 20_000, seed: UInt64(seed)))
            let venue = try world.venue(.binanceUSDM, markets: [market])
            let guarded = try world.layer(
                venue: .binanceUSDM, broker: try world.chaos(venue, plan: FaultPlan(Self.faults)))
            while (try? await guarded.layer.start(symbols: [Rig.symbol])) == nil {
                try await world.time.sleep(for: .seconds(1))
            }
            await withDiscardingTaskGroup { group in
                for index in 0..<40 {
                    group.addTask {
                        try? await world.time.sleep(for: .milliseconds(500 * index))
                        let price: Decimal = index % 2 == 0 ? 19_000 : 21_000
                        _ = try? await guarded.broker.place(
                            OrderRequest(
                                intent: IntentID("order-\(index)"), symbol: Rig.symbol,
                                side: index % 2 == 0 ? .buy : .sell,
                                quantity: .base(Decimal(sign: .plus, exponent: -2, significand: 1)),
                                type: .limit(price: price)))
                    }
                }
                group.addTask {
                    try? await world.time.sleep(for: .seconds(10))
                    guarded.layer.kill(reason: "test")
                    try? await world.time.sleep(for: .seconds(5))
                    guarded.layer.kill(reason: "again")
                }
            }
            try await world.time.sleep(for: .seconds(200))
        }
        #expect(report.thrown == nil, "\(report)")
        #expect(report.brokenPromises.isEmpty, "\(report.brokenPromises)")
        // One sweep, begun and judged at its end.
        #expect(report.findings[.tripActsOnce]?.checked == 1)
    }

    /// A list that hides an order proves nothing against what was seen to work.
    @Test(arguments: ["binance-usdm", "coinbase-advanced"])
    func whatEveryListHidesIsCancelledAllTheSame(name: String) throws {
        let profile = try #require(VenueProfile.named(name))
        let report = try Simulation(seed: 1).run(for: .seconds(600)) { world in
            let market = try SimulatedMarket(Self.rules, candles: .randomWalk(start: 20_000, seed: 1))
            let venue = try world.venue(profile, markets: [market])
            let chaos = try world.chaos(
                venue, plan: [FaultAction(.emptyList, on: .on(.openOrders), from: .seconds(10))])
            let guarded = try world.layer(venue: profile, broker: chaos)
            try await guarded.layer.start(symbols: [Rig.symbol])
            _ = try await guarded.broker.place(
                OrderRequest(
                    intent: "resting", symbol: Rig.symbol, side: .buy,
                    quantity: .base(Decimal(sign: .plus, exponent: -2, significand: 1)), type: .limit(price: 10_000)))
            try await world.time.sleep(for: .seconds(20))
            #expect(venue.truth().workingOrders.count == 1)
            guarded.layer.kill(reason: "test")
            try await world.time.sleep(for: .seconds(200))
            #expect(venue.truth().workingOrders.isEmpty)
        }
        #expect(report.thrown == nil && report.brokenPromises.isEmpty, "\(report) \(report.brokenPromises)")
        #expect(report.findings[.tripActsOnce]?.checked == 1)
    }
}
