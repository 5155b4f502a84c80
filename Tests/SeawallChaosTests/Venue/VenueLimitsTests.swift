import SeawallBroker
import SeawallRateLimit
import SeawallTime
import Testing

@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct VenueLimitsTests {
    private static let profile = VenueProfile.plain.with {
        $0.limits = [
            LimitRule(name: "weight", scope: .ip, counts: .weight, shape: .fixed, limit: 5, window: .seconds(60)),
            LimitRule(name: "orders", scope: .account, counts: .order, shape: .fixed, limit: 2, window: .seconds(10)),
        ]
        $0.costs = [.time: ["weight": 1], .place: ["orders": 1], .openOrders: ["weight": 2]]
        $0.costsWithoutSymbol = [.openOrders: ["weight": 4]]
        $0.usageHeaders = ["weight": "X-WEIGHT", "orders": "X-ORDERS"]
    }

    private func refusal(_ call: () async throws -> some Sendable) async -> BrokerError? {
        do {
            _ = try await call()
            return nil
        } catch {
            return error as? BrokerError
        }
    }

    @Test func oneTooManyIsRefusedUntilTheWindowEnds() async throws {
        let world = try VenueWorld(profile: VenueLimitsTests.profile)
        let venue = world.venue
        world.time.advance(by: .milliseconds(20_500))
        for _ in 1...5 { _ = try await venue.serverTime() }
        let error = try #require(await refusal { try await venue.serverTime() })
        #expect(error.status == 429)
        #expect(error.venueCode == "-1003")
        // 39.5 seconds are left; the header has whole seconds and never too few.
        #expect(error.retryAfter == "40")
        let event = try #require(world.events(.limited).first)
        #expect(event.limitScope == .ip)
        #expect(event.until == MonotonicInstant(nanoseconds: 60_500_000_000))
        world.time.advance(by: .seconds(40) - .nanoseconds(1))
        #expect(await refusal { try await venue.serverTime() }?.status == 429)
        world.time.advance(by: .nanoseconds(1))
        #expect(await refusal { try await venue.serverTime() } == nil)
        #expect(world.look().counts.limited == 2)
    }

    @Test func ignoringALimitBecomesABanThatGrowsAndRefusesEverything() async throws {
        let world = try VenueWorld(profile: VenueLimitsTests.profile)
        let venue = world.venue
        for _ in 1...5 { _ = try await venue.serverTime() }
        var statuses: [Int?] = []
        for _ in 1...4 { statuses.append(await refusal { try await venue.serverTime() }?.status) }
        #expect(statuses == [429, 429, 429, 418])
        let banned = try #require(world.events(.banned).first)
        #expect(banned.until == .origin.advanced(by: .seconds(120)))
        // A ban of the address stops what costs nothing, too.
        let balances = try #require(await refusal { try await venue.balances() })
        #expect(balances.status == 418)
        #expect(balances.retryAfter == "120")
        #expect(balances.body?.contains("banned until 1704067320000") == true)
        world.time.advance(by: .seconds(100))
        #expect(await refusal { try await venue.balances() }?.retryAfter == "20")
        // The third into the ban makes it longer: twice as long, from now.
        #expect(await refusal { try await venue.balances() }?.retryAfter == "240")
        world.time.advance(by: .seconds(240) - .nanoseconds(1))
        #expect(await refusal { try await venue.balances() }?.status == 418)
        world.time.advance(by: .nanoseconds(1))
        #expect(await refusal { try await venue.balances() } == nil)
    }

    @Test func theOrderLimitStopsOrdersAloneAndHasItsOwnCode() async throws {
        let world = try VenueWorld(profile: VenueLimitsTests.profile)
        for _ in 1...2 { _ = try await world.place(.limit(.buy, 1, at: 90)) }
        let error = try #require(await refusal { try await world.place(.limit(.buy, 1, at: 90, id: "x")) })
        #expect(error.status == 429)
        #expect(error.venueCode == "-1015")
        #expect(error.retryAfter == "10")
        #expect(world.events(.limited).first?.limitScope == .account)
        #expect(world.events(.limited).first?.clientID == "x")
        #expect(world.venue.orders(named: "x").isEmpty)
        _ = try await world.venue.cancelAll(for: VenueWorld.symbol)
        _ = try await world.venue.serverTime()
        world.time.advance(by: .seconds(10))
        #expect(try await world.place(.limit(.buy, 1, at: 90, id: "x")).status == .working)
    }

    @Test func whatWasUnderWayWhenTheLimitStruckIgnoresNothing() throws {
        var configuration = SimulatedVenueConfiguration.instant
        configuration.replyLatency = .zero ... .seconds(2)
        var gate = VenueGate(
            profile: VenueLimitsTests.profile, configuration: configuration, start: .origin,
            civilStart: CivilInstant(nanosecondsSinceEpoch: 0))
        func admit(sent: Int64, at: Int64) -> Int? {
            let visitor = VenueGate.Visitor(operation: .time, sentAt: .origin.advanced(by: .seconds(sent)))
            let refusal = gate.admit(visitor, at: .origin.advanced(by: .seconds(at)))
            return refusal.map { VenueLimitsTests.profile.wording(of: $0.reason, to: .time).status }
        }
        for _ in 1...5 { #expect(admit(sent: 0, at: 1) == nil) }
        #expect(admit(sent: 0, at: 1) == 429)
        // Whoever sent before the third second could not have heard of it.
        for _ in 1...9 { #expect(admit(sent: 2, at: 4) == 429) }
        #expect(admit(sent: 3, at: 4) == 429)
        #expect(admit(sent: 3, at: 4) == 429)
        #expect(admit(sent: 3, at: 4) == 418)
        #expect(admit(sent: 5, at: 6) == 418)
    }

    @Test func obeyingALimitForgivesIt() async throws {
        let world = try VenueWorld(profile: VenueLimitsTests.profile)
        for _ in 1...4 {
            for _ in 1...5 { _ = try await world.venue.serverTime() }
            for _ in 1...2 { #expect(await refusal { try await world.venue.serverTime() }?.status == 429) }
            world.time.advance(by: .seconds(60))
        }
        #expect(world.events(.banned).isEmpty)
    }

    @Test func headersTellWhatIsUsedAndCallsWithoutASymbolCostTheirOwn() async throws {
        let world = try VenueWorld(profile: VenueLimitsTests.profile)
        let heard = Lock<[[String: String]]>([])
        let context = RequestContext(
            origin: .bot, lane: "new", sentAt: world.time.now, deadline: nil,
            onHeaders: { headers in heard.withLock { $0.append(headers) } })
        try await RequestContext.$current.withValue(context) {
            _ = try await world.venue.openOrders(for: nil, page: nil)
            _ = try await world.place(.limit(.buy, 1, at: 90))
            #expect(await refusal { try await world.venue.openOrders(for: VenueWorld.symbol, page: nil) } != nil)
        }
        #expect(
            heard.withLock { $0 } == [
                ["X-WEIGHT": "4", "X-ORDERS": "0"], ["X-WEIGHT": "4", "X-ORDERS": "1"],
                ["X-WEIGHT": "6", "X-ORDERS": "1"],
            ])
    }

    @Test func limitsTellWhatIsUsed() async throws {
        let world = try VenueWorld(profile: VenueLimitsTests.profile)
        _ = try await world.venue.openOrders(for: nil, page: nil)
        _ = try await world.place(.limit(.buy, 1, at: 90))
        #expect(
            try await world.venue.limits() == [
                LimitUsage(name: "weight", used: 4, limit: 5), LimitUsage(name: "orders", used: 1, limit: 2),
            ])
    }

    @Test func theBinanceProfilesOwnLimitsHold() async throws {
        let world = try VenueWorld(profile: .binanceUSDM)
        for _ in 1...60 { _ = try await world.venue.openOrders(for: nil, page: nil) }
        #expect(await refusal { try await world.venue.openOrders(for: nil, page: nil) }?.status == 429)
    }
}
