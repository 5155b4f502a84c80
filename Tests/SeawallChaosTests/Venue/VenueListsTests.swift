import SeawallBroker
import SeawallTime
import Testing

@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct VenueListsTests {
    @Test func pagesOfOpenOrdersNeitherLoseNorRepeatWhileOthersComeAndGo() async throws {
        let world = try VenueWorld()
        let venue = world.venue
        for index in 1...8 {
            _ = try await world.place(.limit(.buy, 1, at: Decimal(80 + index), id: ClientOrderID(String(index))))
        }
        let first = try await venue.openOrders(for: nil, page: nil)
        #expect(first.orders.map(\.clientID) == ["1", "2", "3"])
        _ = try await venue.cancel(.client("2"), symbol: VenueWorld.symbol)
        _ = try await venue.cancel(.client("5"), symbol: VenueWorld.symbol)
        _ = try await world.place(.limit(.buy, 1, at: 80, id: "9"))
        let second = try await venue.openOrders(for: VenueWorld.symbol, page: first.next)
        #expect(second.orders.map(\.clientID) == ["4", "6", "7"])
        let third = try await venue.openOrders(for: nil, page: second.next)
        #expect(third.orders.map(\.clientID) == ["8", "9"])
        #expect(third.next == nil)
        #expect(await code { try await venue.openOrders(for: nil, page: "rubbish") } == "-1100")
    }

    @Test func pagesOfHistoryRunBackwardsAndStandStillWhileMoreOrdersEnd() async throws {
        let world = try VenueWorld()
        let venue = world.venue
        for index in 1...5 { _ = try await world.place(.market(.buy, 1, id: ClientOrderID(String(index)))) }
        let first = try await venue.orderHistory(for: nil, page: nil)
        #expect(first.orders.map(\.clientID) == ["5", "4", "3"])
        _ = try await world.place(.market(.buy, 1, id: "6"))
        let second = try await venue.orderHistory(for: VenueWorld.symbol, page: first.next)
        #expect(second.orders.map(\.clientID) == ["2", "1"])
        #expect(second.next == nil)
    }

    @Test func cursorsOfFillsNeitherLoseNorRepeatInRandomHistories() async throws {
        for seed in 1...20 as ClosedRange<UInt64> {
            var random = SeededGenerator(seed: seed, stream: "fills")
            let symbols: [Symbol] = ["AAA", "BBB"]
            let world = try VenueWorld(
                markets: symbols.map {
                    try SimulatedMarket(.named($0), candles: .recorded([.flat(100)]))
                })
            var cursors: [Symbol?: FillCursor] = [:]
            var seen: [Symbol?: [FillID]] = [:]
            var made: [Symbol?: [FillID]] = [:]
            for count in 1...60 {
                let symbol = symbols[Int(random.below(2))]
                _ = try await world.venue.place(
                    OrderRequest(symbol: symbol, side: .buy, quantity: .base(1), type: .market))
                made[symbol, default: []].append(FillID(String(count)))
                made[nil, default: []].append(FillID(String(count)))
                let asked = [symbols[0], symbols[1], nil][Int(random.below(3))]
                guard random.chance(0.3) || count == 60 else { continue }
                for asked in count == 60 ? [symbols[0], symbols[1], nil] : [asked] {
                    repeat {
                        let page = try await world.venue.fills(since: cursors[asked], symbol: asked)
                        cursors[asked] = page.cursor
                        seen[asked, default: []] += page.fills.map(\.id)
                        #expect(page.fills.count <= 3)
                        if !page.hasMore { break }
                    } while true
                }
            }
            #expect(seen == made)
        }
    }

    @Test func anOrderStaysInvisibleForTheLagAndCanBeCancelledAllTheSame() async throws {
        var configuration = SimulatedVenueConfiguration.instant
        configuration.visibilityLag = .seconds(2)
        let world = try VenueWorld(configuration: configuration)
        let venue = world.venue
        _ = try await world.place(.limit(.buy, 1, at: 90, id: "x"))
        #expect(await code { try await venue.order(.client("x"), symbol: VenueWorld.symbol) } == "-2013")
        #expect(try await venue.openOrders(for: nil, page: nil).orders.isEmpty)
        #expect(await code { try await world.place(.limit(.buy, 1, at: 90, id: "x")) } == "-4116")
        world.time.advance(by: .seconds(2) - .nanoseconds(1))
        #expect(await code { try await venue.order(.client("x"), symbol: VenueWorld.symbol) } == "-2013")
        world.time.advance(by: .nanoseconds(1))
        #expect(try await venue.order(.client("x"), symbol: VenueWorld.symbol).status == .working)
        _ = try await world.place(.limit(.buy, 1, at: 90, id: "y"))
        #expect(try await venue.cancel(.client("y"), symbol: VenueWorld.symbol).status == .cancelled)
        #expect(try await venue.orderHistory(for: nil, page: nil).orders.isEmpty)
    }

    @Test func theLagMayNotBeLongerThanTheProfileSays() throws {
        var configuration = SimulatedVenueConfiguration.instant
        configuration.visibilityLag = .seconds(6)
        #expect(throws: SimulatedVenueError.self) { try VenueWorld(configuration: configuration) }
    }

    @Test func readingsAnswerWhatTheyAreAskedFor() async throws {
        let world = try VenueWorld([.walk(100, 104, 98, 102, 40), .walk(102, 103, 100, 101, 8), .flat(101)])
        let venue = world.venue
        #expect(try await venue.tickers(for: [VenueWorld.symbol, "NONE"]).map(\.last) == [100])
        let book = try await venue.depth(for: VenueWorld.symbol, levels: 2)
        #expect(book.bids.map(\.price) == [try number("99.99"), try number("99.98")])
        #expect(book.asks.map(\.price) == [try number("100.01"), try number("100.02")])
        #expect(try await venue.rules(for: ["NONE", VenueWorld.symbol]) == [.bitcoin])
        #expect(try await venue.fees(for: VenueWorld.symbol).taker == (try number("0.0005")))
        #expect(try await venue.permissions().canWithdraw == false)
        world.time.advance(by: .seconds(80))
        #expect(try await venue.serverTime() == venue.civilStart.advanced(by: .seconds(80)))
        let minutes = try await venue.candles(for: VenueWorld.symbol, interval: .seconds(60), limit: 5)
        #expect(minutes.map(\.close) == [102, 103])
        #expect(minutes.map(\.volume) == [40, 4])
        #expect(minutes.map(\.openTime) == [venue.civilStart, venue.civilStart.advanced(by: .seconds(60))])
        let both = try await venue.candles(for: VenueWorld.symbol, interval: .seconds(120), limit: 5)
        #expect(both.map(\.high) == [104])
        #expect(both.map(\.low) == [98])
        #expect(both.map(\.volume) == [44])
        #expect(try await venue.candles(for: VenueWorld.symbol, interval: .seconds(60), limit: 1).map(\.open) == [102])
        #expect(
            await code {
                try await venue.candles(for: VenueWorld.symbol, interval: .seconds(61), limit: 1)
            } == "-1102")
    }
}
