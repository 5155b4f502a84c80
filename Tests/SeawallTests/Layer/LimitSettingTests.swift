import SeawallBroker
import SeawallChaos
import SeawallTime
import Testing

@testable import Seawall

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Limits that are set while a layer runs, and those that several processes share.
@Suite struct LimitSettingTests {
    private static let venue = VenueProfile(
        name: "small", identity: .uniqueAmongOpen,
        limits: [
            LimitRule(name: "calls", scope: .ip, counts: .weight, shape: .rolling, limit: 10, window: .seconds(60)),
            LimitRule(
                name: "orders", scope: .account, counts: .order, shape: .rolling, limit: 10, window: .seconds(60)),
            LimitRule(name: "open", scope: .account, counts: .open, shape: .rolling, limit: 5, window: .zero),
        ],
        costs: [.ticker: ["calls": 1], .candles: ["calls": 3], .place: ["orders": 1]], capabilities: [.candles])

    /// How many prices come at once.
    private static func burst(_ rig: Rig) async -> Int {
        let start = rig.time.now
        var count = 0
        while (try? await rig.broker.ticker(for: Rig.symbol)) != nil, rig.time.now == start { count += 1 }
        return count
    }

    @Test func aLimitIsSetWhileRunningAndWhatWasUsedStaysUsed() throws {
        var configuration = LayerConfiguration()
        configuration.limitShare = 1_000
        try Rig.run(venue: Self.venue, configuration: configuration) { rig in
            try await rig.pass(.seconds(60))
            for _ in 0..<4 { _ = try await rig.broker.ticker(for: Rig.symbol) }
            try rig.layer.setLimit("calls", to: 7)
            #expect(await Self.burst(rig) == 3)
            try await rig.pass(.seconds(60))
            try rig.layer.setLimit("calls", to: 15)
            #expect(await Self.burst(rig) == 15)
        }
    }

    @Test func whatMakesNoSenseIsNamedAndChangesNothing() throws {
        try Rig.run(seeds: 0..<1, venue: Self.venue) { rig in
            func message(_ name: String, _ limit: Int) -> String? {
                #expect(throws: GuardError.self) { try rig.layer.setLimit(name, to: limit) }?.message
            }
            let names = "small has no limit nothing that calls use up, but calls, orders"
            #expect(message("nothing", 5) == names)
            #expect(message("open", 5) == names.replacingFirst("nothing", with: "open"))
            #expect(message("calls", 2)?.contains("candles costs up to 3") == true)
            #expect(message("calls", 0) == "limit calls cannot be 0, expected 1 or more")
            for limit in [0, -1, .min, .max] { #expect(message("orders", limit)?.contains("orders") == true) }
            let calls = rig.layer.limiter.status.buckets.first { $0.name == "calls" }
            #expect(calls?.capacity == 8)
        }
    }

    @Test func aPartOfTheShareIsThisProcesssWhereTheScopeIsShared() throws {
        var configuration = LayerConfiguration()
        configuration.processShare = 500
        configuration.sharedScopes = [.ip]
        let limits = try RateLimiterConfiguration(venue: Self.venue, configuration)
        #expect(limits.buckets.map(\.capacity) == [4, 8])
        configuration.sharedScopes = nil
        #expect(try RateLimiterConfiguration(venue: Self.venue, configuration).buckets.map(\.capacity) == [4, 4])
        configuration.processShare = 200
        let few = configuration
        let error = #expect(throws: GuardError.self) { try RateLimiterConfiguration(venue: Self.venue, few) }
        #expect(error?.message.contains("of which this process has 200: limit calls leaves 1 at once") == true)
        for share in [0, 1_001, -5] {
            configuration.processShare = share
            let bad = configuration
            #expect(throws: GuardError.self) { try bad.validate() }
        }
    }

    /// What the venue refuses of three processes on one address, each with a third or each with everything.
    private static func refused(share: Int) throws -> (refused: Int, requests: Int) {
        let counted = Lock((refused: 0, requests: 0))
        let report = try Simulation(seed: 3).run(for: .seconds(900)) { world in
            let market = try SimulatedMarket(
                InstrumentRules(
                    symbol: Rig.symbol, tick: 1, lot: 1, minimumQuantity: 1, minimumNotional: 5, base: "BTC",
                    quote: "USDT"),
                candles: .randomWalk(start: 20_000, seed: 1))
            let venue = try world.venue(.binanceUSDM, markets: [market])
            var configuration = LayerConfiguration()
            configuration.processShare = share
            // Nothing but its share keeps a process below what the others leave.
            var silent = VenueProfile.binanceUSDM
            silent.usageHeaders = [:]
            let profile = silent
            let end = world.time.now.advanced(by: .seconds(300))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<3 {
                    let layer = try ReliabilityLayer(
                        venue: profile, broker: venue, configuration: configuration, environment: world.environment)
                    for _ in 0..<4 {
                        group.addTask {
                            while world.time.now < end {
                                _ = try? await layer.broker.openOrders(for: nil, page: nil)
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            let counts = venue.truth().counts
            counted.withLock { $0 = (counts.limited, counts.requests) }
        }
        #expect(report.thrown == nil, "\(report)")
        return counted.withLock { $0 }
    }

    @Test func threeProcessesWithAThirdEachAreNeverRefused() throws {
        let third = try Self.refused(share: 333)
        #expect(third.refused == 0)
        // Four minutes and more of 2,400, of which four fifths are used, at 40 a call.
        #expect(third.requests > 4 * 2_400 * 7 / 10 / 40, "\(third)")
        #expect(try Self.refused(share: 1_000).refused > 0)
    }
}

extension String {
    fileprivate func replacingFirst(_ word: String, with other: String) -> String {
        guard let range = firstRange(of: word) else { return self }
        return String(self[..<range.lowerBound]) + other + String(self[range.upperBound...])
    }
}
