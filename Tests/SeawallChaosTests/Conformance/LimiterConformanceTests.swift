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
    private static func hammer(
        _ broker: any Broker, _ time: any TimeSource, every pause: Duration, until end: MonotonicInstant
    ) async {
        await withTaskGroup(of: Void.self) { group in
            for lane in 0..<3 {
                group.addTask {
                    while time.now < end {
                        switch lane {
                        case 0: _ = try? await broker.ticker(for: VenueWorld.symbol)
                        case 1: _ = try? await broker.balances()
                        default: _ = try? await broker.openOrders(for: nil, page: nil)
                        }
                        try? await time.sleep(for: pause)
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
                        _ = try? await broker.cancel(.venue(placed), symbol: VenueWorld.symbol)
                    }
                    try? await time.sleep(for: pause)
                }
            }
        }
    }

    /// How long each venue is hammered, and how fast: long enough for its longest window of calls, and not longer.
    private static let runs: [(name: String, length: Duration, pause: Duration)] = [
        ("binance-spot", .seconds(63), .milliseconds(300)), ("binance-usdm", .seconds(63), .milliseconds(300)),
        ("coinbase-advanced", .seconds(3), .milliseconds(10)), ("kraken", .seconds(60), .milliseconds(300)),
        ("my-exchange", .seconds(12), .milliseconds(40)),
    ]

    @Test func everyProfileIsHammered() {
        #expect(Self.runs.map(\.name) == ConformanceWorld.names)
        #expect(ConformanceWorld.documented?.name == "my-exchange")
    }

    @Test(arguments: 0..<runs.count)
    func itNeverOverrunsTheVenue(number: Int) throws {
        let run = Self.runs[number]
        let profile = try #require(ConformanceWorld.profile(run.name))
        let (seen, report) = try hammered(profile, believing: profile, for: run.length, every: run.pause)
        #expect(seen.limited == 0)
        #expect(seen.banned == 0)
        #expect(seen.orders >= 3)
        #expect(seen.requests >= 40)
        #expect(report.brokenPromises.isEmpty, "\(report.brokenPromises)")
    }

    @Test(arguments: [("coinbase-advanced", Duration.seconds(3)), ("kraken", .seconds(20))])
    func aProfileThatPromisesMoreThanTheVenueGivesIsFoundOut(name: String, length: Duration) throws {
        let profile = try #require(VenueProfile.named(name))
        var generous = profile
        // A counter that falls is begun as if another process had filled it: only one that falls faster overruns soon.
        for index in generous.limits.indices {
            generous.limits[index].limit *= 10
            generous.limits[index].decay *= 10
        }
        let pause = length / 300
        let (seen, _) = try hammered(profile, believing: generous, for: length, every: pause)
        #expect(seen.limited > 0)
    }

    private func hammered(
        _ profile: VenueProfile, believing believed: VenueProfile, for length: Duration, every pause: Duration
    ) throws -> (VenueTruth.Counts, SimulationReport) {
        let counts = Lock<VenueTruth.Counts?>(nil)
        let report = try Simulation(seed: 1).run(for: length + .seconds(120)) { world in
            let market = try SimulatedMarket(.bitcoin, candles: .recorded([Candle.flat(100)]))
            let venue = try world.venue(profile, markets: [market])
            let guarded = try world.layer(venue: believed, broker: venue)
            try await guarded.layer.start(symbols: [VenueWorld.symbol])
            let end = world.time.now.advanced(by: length)
            await Self.hammer(guarded.broker, world.time, every: pause, until: end)
            counts.withLock { $0 = venue.truth().counts }
        }
        return (try #require(counts.withLock { $0 }, "\(report)"), report)
    }
}
