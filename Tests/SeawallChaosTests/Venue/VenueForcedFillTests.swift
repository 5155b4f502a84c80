import SeawallBroker
import SeawallTime
import Testing

@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct VenueForcedFillTests {
    private static let symbol = VenueWorld.symbol
    private static let slow = SimulatedVenueConfiguration(
        requestLatency: .milliseconds(20) ... .milliseconds(20), replyLatency: .milliseconds(30) ... .milliseconds(30),
        serviceTime: .zero)

    private func kinds(_ stream: AsyncThrowingStream<UserEvent, any Error>, _ count: Int) async throws -> [String] {
        var iterator = stream.makeAsyncIterator()
        var kinds: [String] = []
        while kinds.count < count, let event = try await iterator.next() {
            switch event {
            case .order(let order, _): kinds.append(order.status.rawValue)
            case .fill(let fill, _): kinds.append("trade \(fill.quantity) at \(fill.price)")
            case .heartbeat: continue
            }
        }
        return kinds
    }

    /// Lets one call go there and back; the venue's own driver sleeps beside it from its arrival on, if not before.
    private func pass(_ world: VenueWorld, first sleepers: Int) async {
        await world.time.waitForSleepers(sleepers)
        world.time.advance(by: .milliseconds(20))
        await world.time.waitForSleepers(2)
        world.time.advance(by: .milliseconds(30))
    }

    @Test func anOrderFillsAtItsPriceAsMakerFarFromTheMarket() async throws {
        let world = try VenueWorld()
        _ = try await world.place(.limit(.buy, 4, at: 50, id: "x"))
        let depth = try await world.venue.depth(for: Self.symbol, levels: 1)
        let first = try #require(world.venue.fill(.client("x"), symbol: Self.symbol, perMille: 250))
        #expect(first.filled == 1)
        #expect(first.status == .working)
        let last = try #require(world.venue.fill(.venue("1"), symbol: Self.symbol))
        #expect(last.status == .filled)
        #expect(last.averagePrice == 50)
        #expect(world.position == 4)
        #expect(world.events(.filled).map(\.fee) == [try number("0.01"), try number("0.03")])
        #expect(try await world.venue.depth(for: Self.symbol, levels: 1) == depth)
        #expect(world.venue.fill(.client("x"), symbol: Self.symbol) == nil)
    }

    @Test func aShareIsAtLeastALotAndAtMostAll() async throws {
        let world = try VenueWorld()
        _ = try await world.place(.limit(.buy, 1, at: 50, id: "x"))
        #expect(world.venue.fill(.client("x"), symbol: Self.symbol, perMille: 0) == nil)
        #expect(world.venue.fill(.client("x"), symbol: Self.symbol, perMille: -4) == nil)
        _ = world.venue.fill(.client("x"), symbol: Self.symbol, perMille: 999)
        #expect(world.venue.fill(.client("x"), symbol: Self.symbol, perMille: 1)?.status == .filled)
        #expect(world.venue.fill(.client("x"), symbol: "NONE") == nil)
    }

    @Test func aReduceOnlyOrderStopsAtFlat() async throws {
        let world = try VenueWorld()
        _ = try await world.place(.market(.buy, 1))
        _ = try await world.place(.limit(.sell, 3, at: 150, reduceOnly: true, id: "x"))
        #expect(world.venue.fill(.client("x"), symbol: Self.symbol)?.status == .expired)
        #expect(world.position == 0)
    }

    @Test func aStopCountsAsReached() async throws {
        let world = try VenueWorld()
        _ = try await world.place(.stop(.sell, 1, at: 80, id: "x"))
        #expect(world.venue.fill(.client("x"), symbol: Self.symbol)?.averagePrice == 80)
    }

    @Test func aLinkedOrderGoesWithTheFirstFill() async throws {
        let world = try VenueWorld()
        _ = try await world.place(.limit(.buy, 1, at: 50, group: "g", id: "x"))
        _ = try await world.place(.limit(.buy, 1, at: 40, group: "g", id: "y"))
        _ = world.venue.fill(.client("x"), symbol: Self.symbol, perMille: 1)
        #expect(world.venue.orders(named: "y").map(\.status) == [.cancelled])
    }

    /// The place was carried out and its reply is still on its way.
    @Test func aFillIsToldBeforeThePendingReplyOfThePlace() async throws {
        let world = try VenueWorld(configuration: Self.slow)
        let opening = Task { try await world.venue.userEvents() }
        await pass(world, first: 1)
        let stream = try await opening.value
        let placing = Task { try await world.place(.limit(.buy, 1, at: 50, id: "x")) }
        await world.time.waitForSleepers(2)
        world.time.advance(by: .milliseconds(20))
        await world.time.waitForSleepers(2)
        #expect(world.venue.fill(.client("x"), symbol: Self.symbol)?.status == .filled)
        // Nothing has moved time since, so the reply is still 30 ms away.
        #expect(try await kinds(stream, 3) == ["working", "trade 1 at 50", "filled"])
        world.time.advance(by: .milliseconds(30))
        #expect(try await placing.value.status == .working)
    }

    @Test func anOrderThatHasNotComeYetFillsAsItIsTaken() async throws {
        let world = try VenueWorld(configuration: Self.slow)
        let opening = Task { try await world.venue.userEvents() }
        await pass(world, first: 1)
        let stream = try await opening.value
        #expect(world.venue.fill(.client("x"), symbol: Self.symbol, perMille: 500) == nil)
        let placing = Task { try await world.place(.limit(.buy, 2, at: 50, id: "x")) }
        await world.time.waitForSleepers(2)
        world.time.advance(by: .milliseconds(20))
        await world.time.waitForSleepers(2)
        #expect(try await kinds(stream, 2) == ["working", "trade 1 at 50"])
        #expect(world.time.now == .origin.advanced(by: .milliseconds(70)))
        world.time.advance(by: .milliseconds(30))
        #expect(try await placing.value.filled == 1)
        // Once is enough: the next order of the same name rests.
        _ = world.venue.fill(.client("x"), symbol: Self.symbol)
        let again = Task { try await world.place(.limit(.buy, 2, at: 50, id: "x")) }
        await pass(world, first: 2)
        #expect(try await again.value.filled == 0)
    }

    @Test func aFillBeatsTheCancelThatIsUnderWay() async throws {
        let world = try VenueWorld(configuration: Self.slow)
        let placing = Task { try await world.place(.limit(.buy, 2, at: 50, id: "x")) }
        await pass(world, first: 1)
        _ = try await placing.value
        let cancelling = Task { try await world.venue.cancel(.client("x"), symbol: Self.symbol) }
        await world.time.waitForSleepers(2)
        _ = world.venue.fill(.client("x"), symbol: Self.symbol)
        await pass(world, first: 2)
        #expect(await code { try await cancelling.value } == "-2011")
        #expect(world.position == 2)
    }
}
