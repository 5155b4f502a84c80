import SeawallBroker
import SeawallTime
import Testing

@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct VenueReduceOnlyTests {
    @Test func isRefusedWhereThereIsNothingToReduce() async throws {
        let world = try VenueWorld()
        #expect(await code { try await world.place(.market(.sell, 1, reduceOnly: true)) } == "-2022")
        _ = try await world.place(.market(.buy, 1))
        #expect(await code { try await world.place(.market(.buy, 1, reduceOnly: true)) } == "-2022")
        #expect(world.position == 1)
    }

    @Test func isCutDownToWhatIsLeft() async throws {
        let world = try VenueWorld()
        _ = try await world.place(.market(.buy, 2))
        let order = try await world.place(.market(.sell, 5, reduceOnly: true))
        #expect(order.filled == 2)
        #expect(order.status == .expired)
        #expect(world.position == 0)
    }

    @Test func twoClosesTogetherCannotFlip() async throws {
        let world = try VenueWorld([.flat(100), .walk(100, 110, 100, 110)])
        _ = try await world.place(.market(.buy, 10))
        _ = try await world.place(.limit(.sell, 7, at: 105, reduceOnly: true, id: "a"))
        _ = try await world.place(.limit(.sell, 7, at: 106, reduceOnly: true, id: "b"))
        world.time.advance(by: .seconds(120))
        #expect(world.position == 0)
        #expect(try await world.venue.order(.client("a"), symbol: VenueWorld.symbol).status == .filled)
        let second = try await world.venue.order(.client("b"), symbol: VenueWorld.symbol)
        #expect(second.filled == 3)
        #expect(second.status == .expired)
    }

    @Test func aPlainOrderDoesFlipAndARestingReduceOnlyOrderThenEnds() async throws {
        let world = try VenueWorld([.flat(100), .walk(100, 110, 100, 110)])
        _ = try await world.place(.market(.buy, 1))
        _ = try await world.place(.limit(.sell, 1, at: 105, reduceOnly: true, id: "r"))
        _ = try await world.place(.market(.sell, 3))
        #expect(world.position == -2)
        world.time.advance(by: .seconds(120))
        #expect(world.position == -2)
        #expect(try await world.venue.order(.client("r"), symbol: VenueWorld.symbol).status == .expired)
    }

    @Test func everySmallHistoryOfReduceOnlyOrdersKeepsTheSign() throws {
        // Every start, then every pair of reduce-only orders, resting or not, then a price through both.
        for start in -2...2 {
            for (first, second) in (0..<36).map({ ($0 / 6, $0 % 6) }) {
                var exchange = try Exchange.small([.flat(100), .walk(100, 120, 80, 100)], position: start)
                for (offset, kind) in [first, second].enumerated() {
                    let side: Side = kind % 2 == 0 ? .buy : .sell
                    let quantity = Decimal(kind / 2 + 1)
                    let price: Decimal = side == .buy ? Decimal(95 - offset) : Decimal(105 + offset)
                    let order = OrderRequest.limit(side, quantity, at: price, reduceOnly: true)
                    let before = exchange.markets[0].position
                    let isTaken = (try? exchange.place(order, name: nil)) != nil
                    #expect(isTaken == (side == .buy ? before < 0 : before > 0))
                }
                exchange.advance(to: .origin.advanced(by: .seconds(180)))
                let end = exchange.markets[0].position
                #expect(start >= 0 ? end >= 0 : end <= 0)
                #expect(abs(end) <= abs(start) * 1_000)
                #expect(exchange.markets[0].working.isEmpty || end != 0)
            }
        }
    }
}

extension Exchange {
    /// An exchange of one market at the origin, with a position of so many whole coins.
    static func small(
        _ candles: [Candle], position: Int = 0, profile: VenueProfile = .plain,
        configuration: SimulatedVenueConfiguration = .instant
    ) throws -> Exchange {
        var configuration = configuration
        configuration.positions = [VenueWorld.symbol: Decimal(position)]
        return try Exchange(
            profile: profile, markets: [SimulatedMarket(.bitcoin, candles: .recorded(candles))],
            configuration: configuration, start: .origin,
            civilStart: CivilInstant(millisecondsSinceEpoch: 1_704_067_200_000))
    }
}
