import SeawallBroker
import SeawallTime
import Testing

@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct VenueAccountTests {
    @Test func positionsNetAndFlipAndTheEntryPriceFollows() async throws {
        let world = try VenueWorld([.walk(100, 120, 100, 120)])
        _ = try await world.place(.limit(.buy, 2, at: 101))
        world.time.advance(by: .seconds(30))
        _ = try await world.place(.market(.buy, 2))
        let long = try #require(try await world.venue.positions().first)
        #expect(long.quantity == 4)
        #expect(long.entryPrice == (try number("110.01")))
        _ = try await world.place(.market(.sell, 6))
        let short = try #require(try await world.venue.positions().first)
        #expect(short.quantity == -2)
        #expect(short.entryPrice == (try number("119.99")))
        let wallet = try #require(world.look().wallets["USDT"])
        // Four sold at 119.99 that had cost 110.01 each.
        #expect(wallet.realizedProfit == (try number("39.92")))
        #expect(wallet.balance == wallet.initial + wallet.realizedProfit - wallet.fees)
    }

    @Test func aPartOfAPositionTakesItsShareOfTheCostAndNothingIsLost() async throws {
        let world = try VenueWorld()
        _ = try world.venue.injectForeign(.market(.buy, try number("0.3")))
        let third = try number("0.1")
        for _ in 0..<3 { _ = try await world.place(.market(.sell, third)) }
        let wallet = try #require(world.look().wallets["USDT"])
        #expect(world.position == 0)
        // Bought at 100.01, sold at 99.99.
        #expect(wallet.realizedProfit == (try number("-0.006")))
    }

    @Test func aVenueBeginsWithWhatItIsGiven() async throws {
        var configuration = SimulatedVenueConfiguration.instant
        configuration.positions = [VenueWorld.symbol: -2]
        configuration.balances = ["USDT": 500]
        let world = try VenueWorld([.flat(100), .flat(90)], configuration: configuration)
        let position = try #require(try await world.venue.positions().first)
        #expect(position.quantity == -2)
        #expect(position.entryPrice == 100)
        #expect(try await world.venue.balances().first?.free == 480)
        world.time.advance(by: .seconds(60))
        // The short made 20; its margin fell to 18.
        #expect(try await world.venue.balances().first?.free == 502)
        #expect(world.look().wallets["USDT"]?.balance == 500)
    }

    @Test func workingOrdersHoldTheirMarginBack() async throws {
        let world = try VenueWorld()
        _ = try await world.place(.limit(.buy, 10, at: 90))
        let balance = try #require(try await world.venue.balances().first)
        #expect(balance.locked == 90)
        #expect(balance.free == 99_910)
    }

    @Test func aRebateIsAddedAndAFeeThatIsNotExactIsRoundedUp() async throws {
        var configuration = SimulatedVenueConfiguration.instant
        configuration.fees = FeeRates(maker: try number("-0.0001"), taker: 0)
        let world = try VenueWorld([.walk(100, 100, 90, 90)], configuration: configuration)
        _ = try await world.place(.limit(.buy, 1, at: 95))
        world.time.advance(by: .seconds(60))
        #expect(world.look().wallets["USDT"]?.fees == (try number("-0.0095")))
    }
}
