import SeawallBroker
import SeawallTime
import Testing

@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct VenueFillTests {
    @Test func marketOrderFillsATickBeyondThePriceAndPaysTheTakerFee() async throws {
        let world = try VenueWorld()
        let order = try await world.place(.market(.buy, 2))
        #expect(order.status == .filled)
        #expect(order.averagePrice == (try number("100.01")))
        #expect(world.position == 2)
        let fill = try #require(try await world.venue.fills(since: nil, symbol: nil).fills.first)
        #expect(fill.fee == (try number("0.10001")))
        #expect(fill.feeAsset == "USDT")
        #expect(world.events.map(\.kind) == [.arrived, .accepted, .filled, .arrived])
        #expect(world.events(.filled).first?.position == 2)
        #expect(world.events(.filled).first?.remaining == 0)
    }

    @Test func aTouchFillsNothingAndAPriceThatGoesThroughFillsAtTheLimit() async throws {
        // The candle fell: open, high, low, close.
        let world = try VenueWorld([.flat(100), .walk(100, 100, 99, 99), .walk(99, 99, 98, 98)])
        let order = try await world.place(.limit(.buy, 1, at: 99, id: "a"))
        #expect(order.status == .working)
        world.time.advance(by: .seconds(60 + 30))
        #expect(world.look().workingOrders.count == 1)
        world.time.advance(by: .seconds(60))
        let filled = try await world.venue.order(.client("a"), symbol: VenueWorld.symbol)
        #expect(filled.status == .filled)
        #expect(filled.averagePrice == 99)
        #expect(world.events(.filled).first?.time == MonotonicInstant(nanoseconds: 150_000_000_000))
        // A maker pays the maker's share of 99.
        #expect(world.events(.filled).first?.fee == (try number("0.0198")))
    }

    @Test func limitOrderThatCrossesTakesAtTheBestPrice() async throws {
        let world = try VenueWorld()
        let order = try await world.place(.limit(.sell, 1, at: 90))
        #expect(order.status == .filled)
        #expect(order.averagePrice == (try number("99.99")))
        #expect(world.position == -1)
    }

    @Test func stopGoesOffWhenThePriceReachesItAndTakes() async throws {
        let world = try VenueWorld([.flat(100), .walk(100, 100, 95, 96)])
        _ = try await world.place(.market(.buy, 1))
        let stop = try await world.place(.stop(.sell, 1, at: 95, reduceOnly: true, id: "s"))
        #expect(stop.status == .working)
        world.time.advance(by: .seconds(89))
        #expect(world.position == 1)
        world.time.advance(by: .seconds(1))
        #expect(world.position == 0)
        #expect(world.events(.filled).last?.price == (try number("94.99")))
    }

    @Test func stopThatWouldGoOffAtOnceIsRefused() async throws {
        let world = try VenueWorld()
        #expect(await code { try await world.place(.stop(.sell, 1, at: 100)) } == "-2021")
        #expect(await code { try await world.place(.stop(.buy, 1, at: 99)) } == "-2021")
    }

    @Test func stopLimitRestsAtItsLimitOnceItHasGoneOff() async throws {
        let world = try VenueWorld([.flat(100), .walk(100, 100, 94, 94), .walk(94, 98, 94, 98)])
        _ = try await world.place(.stop(.sell, 1, at: 95, price: 96, id: "s"))
        world.time.advance(by: .seconds(119))
        #expect(world.look().workingOrders.count == 1)
        #expect(world.position == 0)
        world.time.advance(by: .seconds(60))
        #expect(world.position == -1)
        #expect(world.events(.filled).last?.price == 96)
    }

    @Test func partialFillsAddUpAndTheRestOfAMarketOrderExpires() async throws {
        var configuration = SimulatedVenueConfiguration.instant
        configuration.liquidity = SimulatedLiquidity(volumePercent: 100, minimum: 0)
        let world = try VenueWorld([.flat(100, volume: 4), .walk(100, 100, 98, 98, 4)], configuration: configuration)
        let market = try await world.place(.market(.buy, 3))
        #expect(market.status == .expired)
        #expect(market.filled == 1)
        _ = try await world.place(.limit(.buy, 3, at: 99, id: "l"))
        world.time.advance(by: .seconds(200))
        let order = try await world.venue.order(.client("l"), symbol: VenueWorld.symbol)
        let fills = try await world.allFills()
        #expect(fills.map(\.quantity) == [1, 1, 1, 1])
        #expect(order.filled == 3)
        #expect(order.status == .filled)
        #expect(world.position == 4)
    }
}
