import SeawallBroker
import SeawallTime
import Testing

@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct VenueModeTests {
    private static let symbol = VenueWorld.symbol

    @Test func aModeForATimeEndsByItselfAndSaysWhen() async throws {
        let world = try VenueWorld()
        world.venue.setMode(.cancelOnly, for: .seconds(30))
        let end = world.venue.civilStart.advanced(by: .seconds(30))
        #expect(try await world.venue.status() == VenueStatus(mode: .cancelOnly, until: end))
        world.time.advance(by: .seconds(30) - .nanoseconds(1))
        #expect(await code { try await world.place(.limit(.buy, 1, at: 90)) } == "-4088")
        world.time.advance(by: .nanoseconds(1))
        #expect(try await world.place(.limit(.buy, 1, at: 90)).status == .working)
        #expect(try await world.venue.status() == VenueStatus(mode: .online))
    }

    @Test func theLastModeThatWasSetHolds() async throws {
        let world = try VenueWorld()
        world.venue.setMode(.maintenance, for: .seconds(10))
        world.venue.setMode(.postOnly, for: .seconds(30))
        world.time.advance(by: .seconds(20))
        #expect(try await world.venue.status().mode == .postOnly)
        world.venue.setMode(.cancelOnly)
        world.time.advance(by: .seconds(1_000))
        #expect(try await world.venue.status().mode == .cancelOnly)
        world.venue.setMode(.maintenance, for: .zero)
        #expect(try await world.venue.status().mode == .online)
        world.venue.setMode(.maintenance, for: .seconds(-5))
        #expect(try await world.venue.status().mode == .online)
    }

    @Test func maintenanceEndsEveryStreamAndOpensNone() async throws {
        let world = try VenueWorld()
        let market = try await world.venue.marketEvents(for: [Self.symbol])
        let account = try await world.venue.userEvents()
        world.venue.setMode(.maintenance, for: .seconds(10))
        await #expect(throws: BrokerError.self) { for try await _ in market {} }
        await #expect(throws: BrokerError.self) { for try await _ in account {} }
        #expect(await code { try await world.venue.userEvents() } == "-1016")
        #expect(await code { try await world.venue.ticker(for: Self.symbol) } == "-1016")
        world.time.advance(by: .seconds(10))
        _ = try await world.venue.userEvents()
    }

    @Test(arguments: [VenueStatus.Mode.postOnly, .cancelOnly, .maintenance])
    func nothingTradesUntilTheVenueIsOnlineAgain(mode: VenueStatus.Mode) async throws {
        let world = try VenueWorld([.walk(100, 100, 90, 90), .flat(90), .flat(90)])
        _ = try await world.place(.limit(.buy, 1, at: 95))
        world.venue.setMode(mode, for: .seconds(50))
        world.time.advance(by: .seconds(59))
        #expect(world.position == 0)
        world.time.advance(by: .seconds(1))
        #expect(world.position == 1)
        #expect(world.events(.filled).map(\.time) == [.origin.advanced(by: .seconds(60))])
    }

    @Test func timeEndsOrdersInMaintenanceToo() async throws {
        let world = try VenueWorld()
        let end = world.venue.civilStart.advanced(by: .seconds(20))
        _ = try await world.place(.limit(.buy, 1, at: 90, .goodTillDate(end)))
        _ = try await world.place(.limit(.buy, 1, at: 90))
        try await world.venue.setDeadManTimer(.seconds(30), symbol: Self.symbol)
        world.venue.setMode(.maintenance, for: .seconds(60))
        world.time.advance(by: .seconds(40))
        world.look()
        #expect(world.events(.expired).count == 1)
        #expect(world.events(.cancelled).count == 1)
    }

    @Test func aHaltedSymbolTakesNothingAndTradesNothing() async throws {
        let world = try VenueWorld([.walk(100, 100, 90, 90), .flat(90), .flat(90)])
        _ = try await world.place(.limit(.buy, 1, at: 95, id: "x"))
        try world.venue.setStatus(.halted, for: Self.symbol)
        #expect(await code { try await world.venue.cancel(.client("x"), symbol: Self.symbol) } == "-1122")
        #expect(await code { try await world.venue.cancelAll(for: Self.symbol) } == "-1122")
        let change = AmendRequest(target: .client("x"), symbol: Self.symbol, price: 94)
        #expect(await code { try await world.venue.amend(change) } == "-1122")
        world.time.advance(by: .seconds(60))
        #expect(world.look().workingOrders.count == 1)
        try world.venue.setStatus(.cancelOnly, for: Self.symbol)
        #expect(await code { try await world.place(.market(.buy, 1)) } == "-1122")
        world.time.advance(by: .seconds(15))
        #expect(world.position == 0)
        #expect(try await world.venue.cancel(.client("x"), symbol: Self.symbol).status == .cancelled)
    }
}
