import SeawallBroker
import SeawallTime
import Testing

@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct VenueStreamsTests {
    private static let latency = SimulatedVenueConfiguration(
        requestLatency: .zero ... .zero, replyLatency: .milliseconds(50) ... .milliseconds(50), serviceTime: .zero)

    @Test func pricesComeByThemselvesNumberedWithHeartbeatsAmongThem() async throws {
        let world = try VenueWorld([.walk(100, 110, 90, 105), .flat(105)])
        let stream = try await world.venue.marketEvents(for: [VenueWorld.symbol])
        for _ in 0..<4 {
            await world.time.waitForSleepers()
            world.time.advanceToNextDeadline()
        }
        var iterator = stream.makeAsyncIterator()
        var events: [MarketEvent] = []
        for _ in 0..<5 { events.append(try #require(try await iterator.next())) }
        // 0 s, 10 s, 15 s, 20 s, 30 s.
        let sequences = events.map { event in
            switch event {
            case .ticker(_, let sequence), .heartbeat(let sequence): sequence
            }
        }
        #expect(sequences == [1, 2, 3, 4, 5])
        let prices = events.map { event -> Decimal? in
            if case .ticker(let ticker, _) = event { ticker.last } else { nil }
        }
        #expect(prices == [100, nil, 90, nil, 110])
    }

    @Test func fillsReachTheAccountsStreamAtTheirTimeWithoutACall() async throws {
        let world = try VenueWorld([.walk(100, 100, 90, 90)])
        let stream = try await world.venue.userEvents()
        _ = try await world.place(.limit(.buy, 1, at: 95, id: "x"))
        // Heartbeats at 10 and 20 seconds, prices at 15 and 30.
        for _ in 0..<4 {
            await world.time.waitForSleepers()
            world.time.advanceToNextDeadline()
        }
        var iterator = stream.makeAsyncIterator()
        var kinds: [String] = []
        while kinds.last != "filled" {
            switch try #require(try await iterator.next()) {
            case .order(let order, _): kinds.append(order.status.rawValue)
            case .fill(let fill, let sequence):
                kinds.append("trade \(fill.quantity) at \(fill.price)")
                #expect(fill.time == world.venue.civilStart.advanced(by: .seconds(30)))
                #expect(sequence == 4)
            case .heartbeat: kinds.append("heartbeat")
            }
        }
        #expect(kinds == ["working", "heartbeat", "heartbeat", "trade 1 at 95", "filled"])
    }

    @Test func eventsTakeTheReplysTime() async throws {
        let world = try VenueWorld(configuration: VenueStreamsTests.latency)
        let opening = Task { try await world.venue.userEvents() }
        await world.time.waitForSleepers(2)
        world.time.advance(by: .milliseconds(50))
        let stream = try await opening.value
        let placing = Task { try await world.place(.market(.buy, 1)) }
        await world.time.waitForSleepers(2)
        #expect(world.events(.filled).count == 1)
        #expect(world.time.nextDeadline == MonotonicInstant(nanoseconds: 100_000_000))
        world.time.advance(by: .milliseconds(50))
        _ = try await placing.value
        var iterator = stream.makeAsyncIterator()
        let first = try #require(try await iterator.next())
        if case .order(let order, sequence: 1) = first { #expect(order.status == .working) } else { Issue.record() }
        #expect(world.time.now == MonotonicInstant(nanoseconds: 100_000_000))
    }

    @Test func aConsumerThatHasGoneIsForgotten() async throws {
        let world = try VenueWorld()
        do {
            let stream = try await world.venue.marketEvents(for: [VenueWorld.symbol])
            let other = try await world.venue.userEvents()
            #expect(world.venue.state.withLock { $0.exchange.markets[0].watchers } == 1)
            #expect(world.venue.state.withLock { $0.exchange.hasUserListeners })
            _ = (stream, other)
        }
        #expect(world.venue.state.withLock { $0.exchange.markets[0].watchers } == 0)
        #expect(!world.venue.state.withLock { $0.exchange.hasUserListeners })
        #expect(world.venue.state.withLock { $0.nextWake } == nil)
    }

    @Test func aConsumerThatFallsBehindLosesTheOldestAndCanTell() async throws {
        var configuration = SimulatedVenueConfiguration.instant
        configuration.streamBuffer = 3
        let world = try VenueWorld(configuration: configuration)
        let stream = try await world.venue.userEvents()
        for _ in 0..<4 { _ = try await world.place(.limit(.buy, 1, at: 90)) }
        var iterator = stream.makeAsyncIterator()
        if case .order(_, sequence: let sequence)? = try await iterator.next() {
            #expect(sequence == 2)
        } else {
            Issue.record("no order came")
        }
    }

    @Test func closeEndsStreamsAndABreakFailsThem() async throws {
        let world = try VenueWorld()
        let broken = try await world.venue.userEvents()
        world.venue.breakStreams()
        await #expect(throws: BrokerError.self) { for try await _ in broken {} }
        let stream = try await world.venue.marketEvents(for: [VenueWorld.symbol])
        world.venue.close()
        var count = 0
        for try await _ in stream { count += 1 }
        #expect(count == 1)
        #expect(await code { try await world.venue.userEvents() } == "transport")
    }

    @Test func anUnknownSymbolHasNoStream() async throws {
        let world = try VenueWorld()
        #expect(await code { try await world.venue.marketEvents(for: ["NONE"]) } == "-1121")
        #expect(world.venue.state.withLock { $0.nextWake } == nil)
    }

    @Test func theDriverLivesOnlyWhileSomethingCanHappenByItself() async throws {
        let world = try VenueWorld([.flat(100), .flat(100)])
        #expect(world.time.sleeperCount == 0)
        _ = try await world.place(.limit(.buy, 1, at: 90, id: "x"))
        await world.time.waitForSleepers()
        #expect(world.time.nextDeadline == MonotonicInstant(nanoseconds: 15_000_000_000))
        _ = try await world.venue.cancel(.client("x"), symbol: VenueWorld.symbol)
        world.time.advance(by: .seconds(15))
        #expect(world.venue.state.withLock { $0.nextWake } == nil)
    }

    @Test func anEarlierInstantWakesTheDriverEarlier() async throws {
        let world = try VenueWorld()
        _ = try await world.place(.limit(.buy, 1, at: 90))
        await world.time.waitForSleepers()
        try await world.venue.setDeadManTimer(.seconds(2), symbol: VenueWorld.symbol)
        // The former driver is cancelled within the call, so that one sleeper is the new one.
        await world.time.waitForSleepers()
        #expect(world.time.nextDeadline == MonotonicInstant(nanoseconds: 2_000_000_000))
        #expect(world.time.sleeperCount == 1)
        world.time.advance(by: .seconds(2))
        world.look()
        #expect(world.events(.cancelled).map(\.time.nanoseconds) == [2_000_000_000])
    }
}
