import SeawallBroker
import SeawallTime
import Testing

@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A venue whose amends are a cancel and a new order in one.
@Suite struct VenueReplaceTests {
    private static let symbol = VenueWorld.symbol

    private func world() throws -> VenueWorld {
        try VenueWorld(profile: VenueProfile.plain.with { $0.amendReplaces = true })
    }

    @Test func anAmendMakesANewOrderOfWhatIsLeft() async throws {
        let world = try world()
        _ = try await world.place(.limit(.buy, 4, at: 90, id: "x"))
        world.venue.fill(.client("x"), symbol: Self.symbol, perMille: 250)
        let change = AmendRequest(target: .client("x"), symbol: Self.symbol, quantity: 3, price: 91)
        let new = try await VenueRequest.$id.withValue("r1") { try await world.venue.amend(change) }
        #expect(new.venueID == "2")
        #expect(new.clientID == "x")
        #expect(new.quantity == 2)
        #expect(new.type.price == 91)
        #expect(world.venue.orders(named: "x").map(\.status) == [.cancelled, .working])
        let told = world.events.filter { $0.request == "r1" }
        #expect(told.map(\.kind) == [.arrived, .cancelled, .replaced])
        #expect(told.last?.replaces == "x")
        #expect(try await world.venue.order(.client("x"), symbol: Self.symbol).venueID == "2")
    }

    @Test func theNewOrderMayBeRefusedWhenTheOldOneIsGone() async throws {
        let world = try world()
        _ = try await world.place(.limit(.buy, 1, at: 90, postOnly: true, id: "x"))
        do {
            _ = try await world.venue.amend(AmendRequest(target: .client("x"), symbol: Self.symbol, price: 110))
            Issue.record("was taken")
        } catch let error as BrokerError {
            #expect(error.status == 409)
        }
        #expect(world.look().workingOrders.isEmpty)
        #expect(world.events(.replaced).isEmpty)
        _ = try await world.place(.limit(.buy, 1, at: 90, id: "y"))
        let dear = AmendRequest(target: .client("y"), symbol: Self.symbol, quantity: 1_000_000)
        #expect(await code { try await world.venue.amend(dear) } == "-2021")
        #expect(world.look().workingOrders.isEmpty)
    }

    @Test func whatIsWrongWithTheRequestChangesNothing() async throws {
        let world = try world()
        _ = try await world.place(.limit(.buy, 1, at: 90, id: "x"))
        let odd = AmendRequest(target: .client("x"), symbol: Self.symbol, price: try number("90.001"))
        #expect(await code { try await world.venue.amend(odd) } == "-4014")
        let same = AmendRequest(target: .client("x"), symbol: Self.symbol, price: 90)
        #expect(await code { try await world.venue.amend(same) } == "-5027")
        let none = AmendRequest(target: .client("z"), symbol: Self.symbol, price: 91)
        #expect(await code { try await world.venue.amend(none) } == "-2013")
        #expect(world.look().workingOrders.map(\.venueID) == ["1"])
    }

    @Test func whatIsFilledAlreadyLeavesNoNewOrder() async throws {
        let world = try world()
        _ = try await world.place(.limit(.buy, 2, at: 90, id: "x"))
        world.venue.fill(.client("x"), symbol: Self.symbol, perMille: 500)
        let change = AmendRequest(target: .client("x"), symbol: Self.symbol, quantity: 1)
        #expect(try await world.venue.amend(change).status == .cancelled)
        #expect(world.look().workingOrders.isEmpty)
    }
}
