import SeawallBroker
import SeawallTime
import Testing

@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct VenueIdentityTests {
    private func world(_ identity: IdentityClass) throws -> VenueWorld {
        try VenueWorld(profile: VenueProfile.plain.with { $0.identity = identity })
    }

    @Test func classAReturnsTheFirstOrderForEverAndMakesNothing() async throws {
        let world = try world(.returnsOriginal)
        let first = try await world.place(.limit(.buy, 1, at: 90, id: "x"))
        #expect(try await world.place(.limit(.buy, 1, at: 90, id: "x")).venueID == first.venueID)
        _ = try await world.venue.cancel(.client("x"), symbol: VenueWorld.symbol)
        let again = try await world.place(.limit(.buy, 2, at: 91, id: "x"))
        #expect(again.venueID == first.venueID)
        #expect(again.status == .cancelled)
        #expect(world.venue.orders(named: "x").count == 1)
        #expect(world.events(.duplicate).count == 2)
    }

    @Test func classBRefusesWhileTheFirstIsOpenAndTakesItAgainAfter() async throws {
        let world = try world(.uniqueAmongOpen)
        _ = try await world.place(.limit(.buy, 1, at: 90, id: "x"))
        #expect(await code { try await world.place(.market(.buy, 1, id: "x")) } == "-4116")
        _ = try await world.venue.cancel(.client("x"), symbol: VenueWorld.symbol)
        let second = try await world.place(.market(.buy, 1, id: "x"))
        #expect(second.venueID == "2")
        #expect(try await world.venue.order(.client("x"), symbol: VenueWorld.symbol).venueID == "2")
        #expect(world.venue.orders(named: "x").count == 2)
        #expect(world.events(.duplicate).count == 1)
        #expect(world.events(.rejected).isEmpty)
    }

    @Test func classBStrokeRefusesForEver() async throws {
        let world = try world(.uniqueForever)
        _ = try await world.place(.market(.buy, 1, id: "x"))
        #expect(await code { try await world.place(.market(.buy, 1, id: "x")) } == "-4116")
        #expect(world.position == 1)
    }

    @Test func classCMakesASecondOrder() async throws {
        let world = try world(.unchecked)
        _ = try await world.place(.limit(.buy, 1, at: 90, id: "x"))
        _ = try await world.place(.limit(.buy, 1, at: 91, id: "x"))
        #expect(world.look().workingOrders.count == 2)
        #expect(try await world.venue.cancel(.client("x"), symbol: VenueWorld.symbol).venueID == "2")
        #expect(try await world.venue.cancel(.client("x"), symbol: VenueWorld.symbol).venueID == "1")
    }

    @Test func aRefusedOrderLeavesItsIDFree() async throws {
        let world = try world(.uniqueForever)
        #expect(await code { try await world.place(.limit(.buy, 0, at: 90, id: "x")) } == "-4003")
        #expect(try await world.place(.limit(.buy, 1, at: 90, id: "x")).status == .working)
    }

    @Test func idsThatAreTooLongOrEmptyAreRefused() async throws {
        let world = try world(.uniqueAmongOpen)
        let long = ClientOrderID(String(repeating: "x", count: 37))
        #expect(await code { try await world.place(.market(.buy, 1, id: long)) } == "-4015")
        #expect(await code { try await world.place(.market(.buy, 1, id: "")) } == "-4015")
    }
}
