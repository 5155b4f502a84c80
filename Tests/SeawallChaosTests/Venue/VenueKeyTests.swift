import SeawallBroker
import SeawallTime
import Testing

@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct VenueKeyTests {
    @Test func aRefusedKeyStopsWhatNeedsOneAndNothingElse() async throws {
        let world = try VenueWorld()
        let symbol = VenueWorld.symbol
        _ = try await world.place(.limit(.buy, 1, at: 90, id: "x"))
        world.venue.expireAuthentication(for: .seconds(10))
        #expect(await code { try await world.place(.limit(.buy, 1, at: 90)) } == "-2015")
        #expect(await code { try await world.venue.cancel(.client("x"), symbol: symbol) } == "-2015")
        #expect(await code { try await world.venue.openOrders(for: nil, page: nil) } == "-2015")
        #expect(await code { try await world.venue.userEvents() } == "-1125")
        #expect(try await world.venue.ticker(for: symbol).last == 100)
        _ = try await world.venue.serverTime()
        _ = try await world.venue.marketEvents(for: [symbol])
        #expect(world.events(.rejected).count == 1)
        world.time.advance(by: .seconds(10))
        #expect(try await world.venue.cancel(.client("x"), symbol: symbol).status == .cancelled)
    }

    @Test func theAccountsStreamEndsAndTheMarketsGoesOn() async throws {
        let world = try VenueWorld()
        let account = try await world.venue.userEvents()
        let market = try await world.venue.marketEvents(for: [VenueWorld.symbol])
        world.venue.expireAuthentication(for: .seconds(10))
        do {
            for try await _ in account {}
            Issue.record("the stream ended without an error")
        } catch let error as BrokerError {
            #expect(error.venueCode == "-1125")
        }
        #expect(world.venue.state.withLock { $0.exchange.markets[0].watchers } == 1)
        _ = market
    }

    @Test func noTimeAtAllRefusesNothing() async throws {
        let world = try VenueWorld()
        let account = try await world.venue.userEvents()
        world.venue.expireAuthentication(for: .zero)
        _ = try await world.venue.balances()
        #expect(world.venue.state.withLock { $0.exchange.hasUserListeners })
        _ = account
    }
}
