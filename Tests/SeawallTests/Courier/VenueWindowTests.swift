import SeawallBroker
import SeawallChaos
import SeawallRateLimit
import SeawallTime
import Testing

@testable import Seawall

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The layer keeps the venue's windows where they begin, and by what the venue says of them.
@Suite struct VenueWindowTests {
    private static func venue(
        _ shape: LimitRule.Shape = .fixed, headers: [LimitHeader] = [], releasesOnFill: Bool = false
    ) -> VenueProfile {
        VenueProfile(
            name: "small", identity: .uniqueAmongOpen,
            limits: [
                LimitRule(name: "calls", scope: .ip, counts: .weight, shape: shape, limit: 6, window: .seconds(60)),
                LimitRule(
                    name: "orders", scope: .account, counts: .order, shape: shape, limit: 3, window: .seconds(60),
                    releasesOnFill: releasesOnFill),
            ],
            costs: [.ticker: ["calls": 1], .place: ["orders": 1]], capabilities: [.serverTime, .queryByClientID],
            limitHeaders: headers)
    }

    private static var configuration: LayerConfiguration {
        var configuration = LayerConfiguration()
        configuration.limitShare = 1_000
        return configuration
    }

    /// How long a call waits after the window was used up 50 s into a minute of the venue.
    private static func wait(
        _ shape: LimitRule.Shape, knowsTime: Bool, contests: Bool = false
    ) throws -> Duration {
        let waited = Lock(Duration.zero)
        try Rig.run(seeds: 0..<1, venue: venue(shape), configuration: configuration) { rig in
            try await rig.pass(.seconds(60))
            // A minute of the venue begins now, 50 s ago.
            let venueNow = CivilInstant(millisecondsSinceEpoch: 1_704_067_200_000 - 10_000)
            rig.base.update { $0.serverTime = venueNow }
            if knowsTime {
                for second in 0..<3 {
                    rig.base.update { $0.serverTime = venueNow.advanced(by: .seconds(second)) }
                    _ = try await rig.broker.serverTime()
                    try await rig.pass(.seconds(1))
                }
            }
            if contests {
                rig.base.update { $0.serverTime = venueNow.advanced(by: .seconds(-500)) }
                _ = try await rig.broker.serverTime()
            }
            for _ in 0..<6 { _ = try await rig.broker.ticker(for: Rig.symbol) }
            let start = rig.time.now
            _ = try await rig.broker.ticker(for: Rig.symbol)
            waited.withLock { $0 = start.duration(to: rig.time.now) }
        }
        return waited.withLock { $0 }
    }

    @Test func aWindowBeginsAnewWithTheVenuesMinute() throws {
        // Seven seconds to the minute, and one for what an answer may be out of date by.
        let fixed = try Self.wait(.fixed, knowsTime: true)
        #expect(fixed > .seconds(7) && fixed < .seconds(9), "\(fixed)")
        #expect(try Self.wait(.rolling, knowsTime: true) == .seconds(60))
    }

    @Test func whileItIsNotKnownWhenOneBeginsItIsKeptEverywhere() throws {
        #expect(try Self.wait(.fixed, knowsTime: false) == .seconds(60))
        #expect(try Self.wait(.fixed, knowsTime: true, contests: true) == .seconds(60))
    }

    @Test func whatTheVenueSaysIsLeftAndWhenItBeginsAnewIsBelieved() throws {
        let headers = [
            LimitHeader("RateLimit-Remaining", of: "calls", meaning: .remaining),
            LimitHeader("RateLimit-Reset", of: "calls", meaning: .reset),
        ]
        try Rig.run(venue: Self.venue(.rolling, headers: headers), configuration: Self.configuration) { rig in
            try await rig.pass(.seconds(60))
            rig.script.report(["ratelimit-remaining": "2", "RateLimit-Reset": "20"], onceFor: .ticker)
            let start = rig.time.now
            _ = try await rig.broker.ticker(for: Rig.symbol)
            for _ in 0..<2 { _ = try await rig.broker.ticker(for: Rig.symbol) }
            #expect(rig.time.now == start)
            // Others have used three: they are gone at the reset, whose seconds may have been rounded down.
            _ = try await rig.broker.ticker(for: Rig.symbol)
            #expect(start.duration(to: rig.time.now) == .seconds(21))
        }
    }

    @Test(arguments: [true, false])
    func anOrderThatFillsMakesRoomWhereTheVenueSaysSo(releases: Bool) throws {
        try Rig.run(venue: Self.venue(.rolling, releasesOnFill: releases), configuration: Self.configuration) { rig in
            try await rig.pass(.seconds(60))
            let start = rig.time.now
            for name in ["a", "b", "c"] as [IntentID] { _ = try await rig.broker.place(Rig.buy(name)) }
            let filled = try #require(rig.recorder.clientID(of: "b"))
            rig.base.update { answers in
                for index in answers.orders.indices where answers.orders[index].clientID == filled {
                    answers.orders[index].filled = 1
                    answers.orders[index].status = .filled
                }
            }
            #expect(try await rig.broker.order(.client(filled), symbol: Rig.symbol).status == .filled)
            let error = try await rig.failure(of: Rig.buy("d"))
            #expect((error == nil) == releases, "\(String(describing: error))")
            // One was freed, and no more.
            #expect(try await rig.failure(of: Rig.buy("e")) != nil)
            #expect(start.duration(to: rig.time.now) < .seconds(1))
        }
    }
}
