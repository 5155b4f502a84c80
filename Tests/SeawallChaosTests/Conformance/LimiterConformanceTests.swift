import SeawallBroker
import SeawallRateLimit
import SeawallTime
import Testing

@testable import Seawall
@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The limiter that a profile makes never overruns the simulated venue of that profile.
@Suite struct LimiterConformanceTests {
    /// A bot that asks and trades as fast as it is let.
    private static func hammer(_ broker: any Broker, _ time: any TimeSource, until end: MonotonicInstant) async {
        await withTaskGroup(of: Void.self) { group in
            for lane in 0..<3 {
                group.addTask {
                    while time.now < end {
                        switch lane {
                        case 0: _ = try? await broker.ticker(for: VenueWorld.symbol)
                        case 1: _ = try? await broker.balances()
                        default: _ = try? await broker.openOrders(for: nil, page: nil)
                        }
                        try? await time.sleep(for: .milliseconds(20))
                    }
                }
            }
            group.addTask {
                var number = 0
                while time.now < end {
                    number += 1
                    let order = OrderRequest(
                        intent: IntentID("i\(number)"), symbol: VenueWorld.symbol, side: .buy, quantity: .base(1),
                        type: .limit(price: 90))
                    if let placed = try? await broker.place(order) {
                        _ = try? await broker.cancel(.venue(placed.id), symbol: VenueWorld.symbol)
                    }
                    try? await time.sleep(for: .milliseconds(20))
                }
            }
        }
    }

    @Test(arguments: VenueProfile.all.map(\.name), [UInt64(1), 2])
    func itNeverOverrunsTheVenue(name: String, seed: UInt64) throws {
        let profile = try #require(VenueProfile.named(name))
        let counts = Lock<VenueTruth.Counts?>(nil)
        let report = try Simulation(seed: seed).run(for: .seconds(90)) { world in
            let market = try SimulatedMarket(.bitcoin, candles: .recorded([Candle.flat(100)]))
            let venue = try world.venue(profile, markets: [market])
            let guarded = try world.layer(venue: profile, broker: venue)
            try await guarded.layer.start(symbols: [VenueWorld.symbol])
            await Self.hammer(guarded.broker, world.time, until: world.time.now.advanced(by: .seconds(60)))
            counts.withLock { $0 = venue.truth().counts }
        }
        let seen = try #require(counts.withLock { $0 }, "\(report)")
        #expect(seen.limited == 0)
        #expect(seen.banned == 0)
        #expect(seen.orders >= 3)
        #expect(seen.requests >= 40)
        #expect(report.brokenPromises.isEmpty, "\(report.brokenPromises)")
    }
}
