import SeawallBroker
import SeawallTime
import Testing

@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct PriceWalkTests {
    private func prices(_ candles: [Candle], every seconds: Int, count: Int) throws -> [Decimal?] {
        let world = try VenueWorld(candles)
        return (0..<count).map { _ in
            defer { world.time.advance(by: .seconds(seconds)) }
            return world.look().prices[VenueWorld.symbol]
        }
    }

    @Test func aCandleThatRoseGoesDownFirstAndOneThatFellGoesUpFirst() throws {
        #expect(try prices([.walk(100, 110, 90, 105)], every: 15, count: 4) == [100, 90, 110, 105])
        #expect(try prices([.walk(100, 110, 90, 95)], every: 15, count: 4) == [100, 110, 90, 95])
        #expect(try prices([.walk(100, 110, 90, 100)], every: 15, count: 4) == [100, 90, 110, 100])
    }

    @Test func aPriceHoldsUntilExactlyTheNextSubInstant() throws {
        let world = try VenueWorld([.walk(100, 110, 90, 105)])
        world.time.advance(by: .seconds(15) - .nanoseconds(1))
        #expect(world.look().prices[VenueWorld.symbol] == 100)
        world.time.advance(by: .nanoseconds(1))
        #expect(world.look().prices[VenueWorld.symbol] == 90)
    }

    @Test func afterTheLastCandleThePriceStaysAndTheVenueSaysSo() async throws {
        let world = try VenueWorld([.walk(100, 110, 90, 105), .flat(105)])
        #expect(world.venue.endsAt == .origin.advanced(by: .seconds(120)))
        #expect(!world.venue.hasEnded(at: .origin.advanced(by: .seconds(120) - .nanoseconds(1))))
        #expect(world.venue.hasEnded(at: .origin.advanced(by: .seconds(120))))
        world.time.advance(by: .seconds(86_400))
        #expect(world.look().prices[VenueWorld.symbol] == 105)
        #expect(try await world.place(.market(.buy, 1)).status == .filled)
        #expect(try await world.venue.candles(for: VenueWorld.symbol, interval: .seconds(60), limit: 9).count == 2)
    }

    @Test func aRandomWalkNeverEndsAndDependsOnSeedAndSymbolAlone() throws {
        func walk(_ seed: UInt64, _ symbol: Symbol) throws -> [CandleSteps] {
            let market = try SimulatedMarket(.named(symbol), candles: .randomWalk(start: 20_000, seed: seed))
            var walk = market.walk
            #expect(walk.length == nil)
            return (0..<200).map { minute in
                walk.move(to: minute * 4)
                return walk.candle
            }
        }
        #expect(try walk(1, "A") == walk(1, "A"))
        #expect(try walk(1, "A") != walk(1, "B"))
        #expect(try walk(1, "A") != walk(2, "A"))
        let candles = try walk(1, "A")
        for (candle, next) in zip(candles, candles.dropFirst()) {
            #expect(candle.high >= max(candle.open, candle.close))
            #expect(candle.low <= min(candle.open, candle.close))
            #expect(abs(candle.close - candle.open) <= candle.open * 12 / 10_000 + 1)
            #expect(next.open == candle.close)
        }
        #expect(Set(candles.map(\.close)).count > 100)
    }

    @Test func aRandomWalkAtTheBottomStaysAboveNothing() throws {
        let market = try SimulatedMarket(
            .bitcoin,
            candles: .randomWalk(start: try number("0.02"), seed: 3, basisPoints: 1_000))
        var walk = market.walk
        for step in 0..<4_000 {
            walk.move(to: step)
            #expect(walk.price >= 2)
        }
    }

    @Test func aJumpAndASlowWalkMeetAtTheSamePrice() throws {
        let market = try SimulatedMarket(.bitcoin, candles: .randomWalk(start: 20_000, seed: 5))
        var slow = market.walk
        var fast = market.walk
        for step in 1...40_000 { slow.move(to: step) }
        fast.move(to: 40_000)
        #expect(slow.price == fast.price)
        #expect(slow.candles(from: 9_000).candles == fast.candles(from: 9_000).candles)
        #expect(slow.candles(from: 9_000).candles.count == 1_001)
    }

    @Test func volumeIsSharedOutWhole() {
        let candle = CandleSteps(open: 5, high: 9, low: 1, close: 7, volume: 11)
        #expect((0..<4).map(candle.volume) == [2, 2, 2, 5])
        #expect(candle.shown(through: 1) == CandleSteps(open: 5, high: 5, low: 1, close: 1, volume: 4))
        #expect(candle.shown(through: 3) == candle)
    }
}
