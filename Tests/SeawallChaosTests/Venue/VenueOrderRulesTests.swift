import SeawallBroker
import SeawallTime
import Testing

@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct VenueOrderRulesTests {
    @Test func postOnlyOrderThatWouldTakeIsRefusedAndOneThatRestsIsNot() async throws {
        let world = try VenueWorld()
        #expect(
            await code { try await world.place(.limit(.buy, 1, at: try number("100.01"), postOnly: true)) } == "-5022")
        #expect(try await world.place(.limit(.buy, 1, at: 100, postOnly: true)).status == .working)
        #expect(world.position == 0)
    }

    @Test func immediateOrCancelFillsWhatThereIsAndExpires() async throws {
        var configuration = SimulatedVenueConfiguration.instant
        configuration.liquidity = SimulatedLiquidity(volumePercent: 0, minimum: 2)
        let world = try VenueWorld(configuration: configuration)
        let order = try await world.place(.limit(.buy, 3, at: 101, .immediateOrCancel))
        #expect(order.status == .expired)
        #expect(order.filled == 2)
        let resting = try await world.place(.limit(.buy, 3, at: 99, .immediateOrCancel))
        #expect(resting.status == .expired)
        #expect(resting.filled == 0)
        #expect(world.look().workingOrders.isEmpty)
    }

    @Test func fillOrKillFillsWholeOrNotAtAll() async throws {
        var configuration = SimulatedVenueConfiguration.instant
        configuration.liquidity = SimulatedLiquidity(volumePercent: 0, minimum: 2)
        let world = try VenueWorld(configuration: configuration)
        let killed = try await world.place(.limit(.buy, try number("2.001"), at: 101, .fillOrKill))
        #expect(killed.status == .expired)
        #expect(killed.filled == 0)
        #expect(try await world.place(.limit(.buy, 2, at: 101, .fillOrKill)).status == .filled)
        #expect(world.position == 2)
    }

    @Test func goodTillDateEndsExactlyAtItsInstant() async throws {
        let world = try VenueWorld()
        let end = world.venue.civilStart.advanced(by: .seconds(20))
        let order = try await world.place(.limit(.buy, 1, at: 90, .goodTillDate(end), id: "g"))
        #expect(order.status == .working)
        world.time.advance(by: .seconds(20) - .nanoseconds(1))
        #expect(world.look().workingOrders.count == 1)
        world.time.advance(by: .nanoseconds(1))
        #expect(world.look().workingOrders.isEmpty)
        #expect(world.events(.expired).map(\.time) == [.origin.advanced(by: .seconds(20))])
        #expect(try await world.venue.order(.client("g"), symbol: VenueWorld.symbol).status == .expired)
        #expect(await code { try await world.place(.limit(.buy, 1, at: 90, .goodTillDate(end))) } == "-1130")
    }

    @Test func goodTillDateEndsBeforeAPriceOfTheSameInstantFillsIt() async throws {
        let world = try VenueWorld([.walk(100, 110, 90, 105)])
        let end = world.venue.civilStart.advanced(by: .seconds(15))
        _ = try await world.place(.limit(.buy, 1, at: 95, .goodTillDate(end)))
        world.time.advance(by: .seconds(60))
        #expect(world.position == 0)
        #expect(world.events(.filled).isEmpty)
    }

    @Test func theDeadManTimerCancelsUnlessItIsRenewedOrDisarmed() async throws {
        let world = try VenueWorld()
        let venue = world.venue
        _ = try await world.place(.limit(.buy, 1, at: 90))
        try await venue.setDeadManTimer(.seconds(10), symbol: VenueWorld.symbol)
        world.time.advance(by: .seconds(9))
        try await venue.setDeadManTimer(.seconds(10), symbol: VenueWorld.symbol)
        world.time.advance(by: .seconds(9))
        #expect(world.look().workingOrders.count == 1)
        world.time.advance(by: .seconds(1))
        #expect(world.look().workingOrders.isEmpty)
        #expect(world.events(.cancelled).map(\.time) == [.origin.advanced(by: .seconds(19))])
        _ = try await world.place(.limit(.buy, 1, at: 90))
        try await venue.setDeadManTimer(.seconds(5), symbol: VenueWorld.symbol)
        try await venue.setDeadManTimer(nil, symbol: VenueWorld.symbol)
        world.time.advance(by: .seconds(100))
        #expect(world.look().workingOrders.count == 1)
    }

    @Test func aFillOfOneLinkedOrderCancelsTheOthersEvenWhenItIsPartial() async throws {
        var configuration = SimulatedVenueConfiguration.instant
        configuration.liquidity = SimulatedLiquidity(volumePercent: 0, minimum: 1)
        let world = try VenueWorld(
            [.flat(100), .walk(100, 106, 100, 106)], configuration: configuration)
        _ = try await world.place(.market(.buy, 1))
        world.time.advance(by: .seconds(15))
        _ = try await world.place(.market(.buy, 1))
        _ = try await world.place(.limit(.sell, 2, at: 105, reduceOnly: true, group: "oco", id: "take"))
        _ = try await world.place(.stop(.sell, 2, at: 95, reduceOnly: true, group: "oco", id: "stop"))
        world.time.advance(by: .seconds(75))
        #expect(world.position == 1)
        #expect(try await world.venue.order(.client("stop"), symbol: VenueWorld.symbol).status == .cancelled)
        #expect(try await world.venue.order(.client("take"), symbol: VenueWorld.symbol).status == .working)
        let kinds = world.events.filter { $0.clientID == "take" || $0.clientID == "stop" }.suffix(4).map(\.kind)
        #expect(kinds.contains(.filled) && kinds.contains(.cancelled))
    }

    @Test func linkedGroupsAndQuoteQuantitiesAreUnsupportedWhereTheProfileLacksThem() async throws {
        let world = try VenueWorld(profile: .binanceUSDM)
        #expect(await code { try await world.place(.limit(.buy, 1, at: 90, group: "g")) } == "unsupported")
        let quote = OrderRequest(symbol: VenueWorld.symbol, side: .buy, quantity: .quote(100), type: .market)
        #expect(await code { try await world.place(quote) } == "unsupported")
        #expect(await code { try await world.venue.preview(quote) } == "unsupported")
        #expect(world.events.isEmpty)
    }

    @Test func aQuoteQuantityBuysTheWholeLotsThatItPaysFor() async throws {
        let world = try VenueWorld()
        let order = try await world.place(
            OrderRequest(symbol: VenueWorld.symbol, side: .buy, quantity: .quote(1_000), type: .market))
        #expect(order.quantity == (try number("9.999")))
        #expect(order.status == .filled)
    }

    @Test(arguments: [
        ("1.0005", "100", "-1111"), ("0", "100", "-4003"), ("-1", "100", "-4003"), ("1", "100.001", "-4014"),
        ("1", "-5", "-4001"), ("1", "0", "-4001"), ("0.01", "99", "-4164"), ("10000000000000", "99", "-4005"),
        ("1e60", "99", "-1102"), ("1000000000", "9999999999", "-4005"),
    ])
    func numbersThatBreakTheRulesAreRefusedWithTheVenuesCode(
        quantity: String, price: String, expected: String
    )
        async throws
    {
        let world = try VenueWorld()
        let order = OrderRequest.limit(.buy, try number(quantity), at: try number(price), id: "bad")
        #expect(await code { try await world.place(order) } == expected)
        #expect(world.events.map(\.kind) == [.arrived, .rejected])
        #expect(world.look().ordersByClientID.isEmpty)
    }

    @Test func notANumberIsRefused() async throws {
        let world = try VenueWorld()
        #expect(await code { try await world.place(.limit(.buy, .nan, at: 100)) } == "-1102")
        #expect(await code { try await world.place(.limit(.buy, 1, at: .nan)) } == "-1102")
        let quote = OrderRequest(symbol: VenueWorld.symbol, side: .buy, quantity: .quote(.nan), type: .market)
        #expect(await code { try await world.place(quote) } == "-4003")
    }

    @Test func anOrderBeyondThePurseIsRefusedAndOneThatReducesIsNot() async throws {
        var configuration = SimulatedVenueConfiguration.instant
        configuration.balances = ["USDT": 101]
        configuration.leverage = 10
        let world = try VenueWorld(configuration: configuration)
        #expect(await code { try await world.place(.limit(.buy, 11, at: 100)) } == "-2019")
        _ = try await world.place(.limit(.buy, 5, at: 100))
        #expect(await code { try await world.place(.limit(.buy, 6, at: 100)) } == "-2019")
        _ = try await world.venue.cancelAll(for: VenueWorld.symbol)
        _ = try await world.place(.market(.buy, 10))
        #expect(try await world.place(.limit(.sell, 10, at: 110)).status == .working)
        let balance = try #require(try await world.venue.balances().first)
        #expect(balance.free < 1)
        #expect(balance.locked == 0)
    }

    @Test func amendChangesToAbsoluteValuesAndTellsWhatItCannotDo() async throws {
        let world = try VenueWorld()
        let venue = world.venue
        _ = try await world.place(.limit(.buy, 2, at: 90, id: "a"))
        let change = AmendRequest(target: .client("a"), symbol: VenueWorld.symbol, quantity: 3, price: 91)
        let amended = try await venue.amend(change)
        #expect(amended.quantity == 3)
        #expect(amended.type == .limit(price: 91))
        #expect(amended.venueID == "1")
        #expect(world.events(.amended).count == 1)
        #expect(await code { try await venue.amend(change) } == "-5027")
        var unknown = change
        unknown.target = .client("other")
        #expect(await code { try await venue.amend(unknown) } == "-2013")
        #expect(
            await code {
                try await venue.amend(AmendRequest(target: .client("a"), symbol: VenueWorld.symbol, trigger: 80))
            } == "-1102")
        let taken = try await venue.amend(AmendRequest(target: .client("a"), symbol: VenueWorld.symbol, price: 101))
        #expect(taken.status == .filled)
        #expect(taken.averagePrice == (try number("100.01")))
    }

    @Test func amendToWhatIsFilledAlreadyCancels() async throws {
        var configuration = SimulatedVenueConfiguration.instant
        configuration.liquidity = SimulatedLiquidity(volumePercent: 0, minimum: 1)
        let world = try VenueWorld(configuration: configuration)
        let order = try await world.place(.limit(.buy, 3, at: 101, id: "a"))
        #expect(order.filled == 1)
        let amended = try await world.venue.amend(
            AmendRequest(target: .client("a"), symbol: VenueWorld.symbol, quantity: 1))
        #expect(amended.status == .cancelled)
        #expect(amended.filled == 1)
    }

    @Test func amendOfAPostOnlyOrderThatWouldTakeCancelsIt() async throws {
        let world = try VenueWorld()
        _ = try await world.place(.limit(.buy, 1, at: 90, postOnly: true, id: "a"))
        let amended = try await world.venue.amend(
            AmendRequest(target: .client("a"), symbol: VenueWorld.symbol, price: 101))
        #expect(amended.status == .cancelled)
        #expect(world.position == 0)
    }

    @Test func cancelsWorkByEitherIDAndUnknownOrdersSaySo() async throws {
        let world = try VenueWorld()
        let venue = world.venue
        let symbol = VenueWorld.symbol
        let first = try await world.place(.limit(.buy, 1, at: 90, id: "a"))
        _ = try await world.place(.limit(.buy, 1, at: 91, id: "b"))
        _ = try await world.place(.limit(.buy, 1, at: 92, id: "c"))
        let firstID = try #require(first.venueID)
        #expect(try await venue.cancel(.venue(firstID), symbol: symbol).status == .cancelled)
        #expect(await code { try await venue.cancel(.venue(firstID), symbol: symbol) } == "-2011")
        #expect(await code { try await venue.cancel(.client("nobody"), symbol: symbol) } == "-2011")
        #expect(await code { try await venue.cancel(.venue("x"), symbol: symbol) } == "-2011")
        let results = try await venue.cancel([.client("b"), .client("a")], symbol: symbol)
        #expect(results.map(\.target) == [.client("b"), .client("a")])
        #expect((try? results[0].result.get())?.status == .cancelled)
        #expect(throws: BrokerError.self) { try results[1].result.get() }
        #expect(try await venue.cancelAll(for: symbol).count == 1)
        #expect(try await venue.cancelAll(for: symbol).isEmpty)
        #expect(world.events(.cancelled).count == 3)
    }

    @Test func modesAndSymbolStatusesStopWhatTheySay() async throws {
        let world = try VenueWorld()
        let venue = world.venue
        _ = try await world.place(.limit(.buy, 1, at: 90, id: "a"))
        venue.setMode(.postOnly)
        #expect(await code { try await world.place(.market(.buy, 1)) } == "-4400")
        #expect(try await world.place(.limit(.buy, 1, at: 90)).status == .working)
        venue.setMode(.cancelOnly)
        #expect(await code { try await world.place(.limit(.buy, 1, at: 90)) } == "-4088")
        #expect(try await venue.cancel(.client("a"), symbol: VenueWorld.symbol).status == .cancelled)
        venue.setMode(.maintenance)
        #expect(await code { try await venue.openOrders(for: nil, page: nil) } == "-1016")
        #expect(try await venue.status().mode == .maintenance)
        venue.setMode(.online)
        try venue.setStatus(.halted, for: VenueWorld.symbol)
        #expect(await code { try await world.place(.market(.buy, 1)) } == "-1122")
        #expect(throws: SimulatedVenueError.self) { try venue.setStatus(.halted, for: "NONE") }
        #expect(await code { try await venue.ticker(for: "NONE") } == "-1121")
        #expect(world.events(.rejected).count == 3)
    }

    @Test func theModesCodeIsTheOneOfTheProfile() async throws {
        let world = try VenueWorld(profile: .binanceUSDM)
        world.venue.setMode(.cancelOnly)
        do {
            _ = try await world.place(.market(.buy, 1))
            Issue.record("was taken")
        } catch let error as BrokerError {
            let rule = VenueProfile.binanceUSDM.errors.first { $0.code == error.venueCode }
            #expect(rule?.meaning == .venueMode)
        }
    }

    @Test func theLimitOfOpenOrdersHolds() async throws {
        let profile = VenueProfile.plain.with {
            $0.limits = [
                LimitRule(name: "open", scope: .account, counts: .open, shape: .fixed, limit: 2, window: .zero)
            ]
        }
        let world = try VenueWorld(profile: profile)
        _ = try await world.place(.limit(.buy, 1, at: 90))
        _ = try await world.place(.limit(.buy, 1, at: 90))
        #expect(await code { try await world.place(.limit(.buy, 1, at: 90)) } == "-2025")
        #expect(try await world.venue.limits() == [LimitUsage(name: "open", used: 2, limit: 2)])
    }
}
