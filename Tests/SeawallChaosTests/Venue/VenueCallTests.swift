import SeawallBroker
import SeawallRateLimit
import SeawallTime
import Testing

@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct VenueCallTests {
    private static let slow = SimulatedVenueConfiguration(
        requestLatency: .milliseconds(20) ... .milliseconds(20), replyLatency: .milliseconds(30) ... .milliseconds(30),
        serviceTime: .milliseconds(5))

    @Test func truthChangesBeforeTheReplyArrives() async throws {
        let world = try VenueWorld(configuration: VenueCallTests.slow)
        let task = Task { try await world.place(.market(.buy, 1)) }
        await world.time.waitForSleepers()
        #expect(world.events.isEmpty)
        world.time.advance(by: .milliseconds(20))
        await world.time.waitForSleepers()
        #expect(world.events.map(\.kind) == [.arrived])
        #expect(world.position == 0)
        world.time.advance(by: .milliseconds(5))
        await world.time.waitForSleepers()
        #expect(world.position == 1)
        #expect(world.events.map(\.kind) == [.arrived, .accepted, .filled])
        #expect(world.time.nextDeadline == MonotonicInstant(nanoseconds: 55_000_000))
        world.time.advance(by: .milliseconds(30))
        #expect(try await task.value.status == .filled)
    }

    @Test func aCallerThatGoesWhileTheRequestIsUnderWayLeavesTheOrder() async throws {
        let world = try VenueWorld(configuration: VenueCallTests.slow)
        let task = Task { try await world.place(.limit(.buy, 1, at: 90, id: "x")) }
        await world.time.waitForSleepers()
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(world.venue.orders(named: "x").isEmpty)
        await world.time.waitForSleepers()
        world.time.advance(by: .milliseconds(20))
        await world.time.waitForSleepers()
        #expect(world.events.map(\.kind) == [.arrived])
        world.time.advance(by: .milliseconds(5))
        await world.time.waitForSleepers()
        #expect(world.venue.orders(named: "x").map(\.status) == [.working])
    }

    @Test func aCallerThatGoesWhileTheReplyIsUnderWayLeavesTheOrder() async throws {
        let world = try VenueWorld(configuration: VenueCallTests.slow)
        let task = Task { try await world.place(.market(.buy, 1, id: "x")) }
        await world.time.waitForSleepers()
        world.time.advance(by: .milliseconds(20))
        await world.time.waitForSleepers()
        world.time.advance(by: .milliseconds(5))
        await world.time.waitForSleepers()
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(world.venue.orders(named: "x").map(\.status) == [.filled])
    }

    @Test func aCallerThatHasGoneBeforeSendsNothing() async throws {
        let world = try VenueWorld()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await world.place(.market(.buy, 1))
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(world.events.isEmpty)
    }

    @Test func aBurstQueuesBehindTheOneServer() async throws {
        var configuration = SimulatedVenueConfiguration.instant
        configuration.serviceTime = .milliseconds(10)
        configuration.replyLatency = .seconds(1) ... .seconds(1)
        let world = try VenueWorld(configuration: configuration)
        let tasks = (0..<3).map { _ in Task { try await world.place(.market(.buy, 1)) } }
        for count in 1...3 {
            // Who is served waits for its reply, so that three sleep all the while.
            await world.time.waitForSleepers(3)
            #expect(world.time.nextDeadline == MonotonicInstant(nanoseconds: Int64(count) * 10_000_000))
            #expect(world.events(.filled).count == count - 1)
            world.time.advance(by: .milliseconds(10))
        }
        await world.time.waitForSleepers(3)
        world.time.advance(by: .seconds(1))
        for task in tasks { _ = try await task.value }
        #expect(world.events(.arrived).map(\.time) == [.origin, .origin, .origin])
        #expect(world.events(.filled).map(\.time.nanoseconds) == [10_000_000, 20_000_000, 30_000_000])
    }

    @Test func aRequestThatIsTooOldWhenItArrivesIsRefused() async throws {
        let world = try VenueWorld()
        func place(sentAt: MonotonicInstant, _ id: ClientOrderID) async throws -> Order {
            let context = RequestContext(origin: .bot, lane: "new", sentAt: sentAt, deadline: nil)
            return try await RequestContext.$current.withValue(context) {
                try await world.place(.limit(.buy, 1, at: 90, id: id))
            }
        }
        world.time.advance(by: .seconds(5))
        #expect(try await place(sentAt: .origin, "just").status == .working)
        world.time.advance(by: .nanoseconds(1))
        #expect(await code { try await place(sentAt: .origin, "late") } == "-1021")
        #expect(world.venue.orders(named: "late").isEmpty)
        #expect(world.events(.rejected).map(\.clientID) == ["late"])
    }

    @Test func aRequestThatGrowsOldInTheQueueIsRefusedBeforeTheEngine() async throws {
        var configuration = SimulatedVenueConfiguration.instant
        configuration.serviceTime = .seconds(6)
        let world = try VenueWorld(configuration: configuration)
        let task = Task { try await world.place(.market(.buy, 1)) }
        await world.time.waitForSleepers()
        world.time.advance(by: .seconds(6))
        #expect(await code { try await task.value } == "-1021")
        #expect(world.position == 0)
    }

    @Test func everyEventCarriesItsRequestAndArrivalsComeFirst() async throws {
        let world = try VenueWorld()
        let symbol = VenueWorld.symbol
        try await VenueRequest.$id.withValue("r1") { _ = try await world.place(.limit(.buy, 1, at: 90, id: "x")) }
        try await VenueRequest.$id.withValue("r2") { _ = try await world.venue.cancel(.client("x"), symbol: symbol) }
        await VenueRequest.$id.withValue("r3") {
            #expect(await code { try await world.place(.limit(.buy, 0, at: 90, id: "y")) } == "-4003")
        }
        #expect(world.events.map(\.request) == ["r1", "r1", "r2", "r2", "r3", "r3"])
        #expect(world.events.map(\.kind) == [.arrived, .accepted, .arrived, .cancelled, .arrived, .rejected])
        #expect(world.events.map(\.operation) == [.place, nil, .cancel, nil, .place, .place])
    }

    @Test func fillsThatTimeMakesNameNoRequest() async throws {
        let world = try VenueWorld([.walk(100, 100, 90, 90)])
        try await VenueRequest.$id.withValue("r1") { _ = try await world.place(.limit(.buy, 1, at: 95)) }
        world.time.advance(by: .seconds(60))
        world.look()
        #expect(world.events(.filled).count == 1)
        #expect(world.events(.filled).first?.request == nil)
    }

    @Test func foreignOrdersMoveThePositionAndAreToldAsSuch() async throws {
        let world = try VenueWorld()
        let order = try world.venue.injectForeign(.market(.sell, 3))
        #expect(order.status == .filled)
        #expect(world.position == -3)
        #expect(world.events.map(\.kind) == [.foreign, .foreign])
        #expect(world.events.last?.position == -3)
        #expect(try await world.allFills().count == 1)
        #expect(throws: SimulatedVenueError.self) { try world.venue.injectForeign(.market(.sell, 0)) }
    }

    @Test func aClosedVenueTakesNothing() async throws {
        let world = try VenueWorld()
        world.venue.close()
        #expect(await code { try await world.place(.market(.buy, 1)) } == "transport")
        #expect(world.events.isEmpty)
    }

    @Test func theObserverMayAskTheVenue() async throws {
        let time = ManualTime()
        let box = Lock<SimulatedVenue?>(nil)
        let seen = Lock<[Decimal]>([])
        let venue = try SimulatedVenue(
            profile: .plain, markets: [SimulatedMarket(.bitcoin, candles: .recorded([.flat(100)]))],
            configuration: .instant, environment: RuntimeEnvironment(time: time),
            observe: { event in
                guard event.kind == .filled else { return }
                let position = box.withLock { $0 }?.truth().positions[VenueWorld.symbol] ?? 0
                seen.withLock { $0.append(position) }
            })
        box.withLock { $0 = venue }
        _ = try await venue.place(.market(.buy, 2))
        #expect(seen.withLock { $0 } == [2])
        box.withLock { $0 = nil }
    }

    @Test func threadsThatCallAtOnceHearTheirEventsBeforeTheirReplies() async throws {
        let world = try VenueWorld()
        await withTaskGroup(of: Void.self) { group in
            for worker in 0..<4 {
                group.addTask {
                    for count in 0..<50 {
                        let id = ClientOrderID("\(worker)-\(count)")
                        _ = try? await world.place(.limit(.buy, try number("0.1"), at: 90, id: id))
                        #expect(world.events.contains { $0.kind == .accepted && $0.clientID == id })
                    }
                }
            }
        }
        #expect(world.events(.accepted).compactMap(\.orderID).compactMap { Int($0.rawValue) } == Array(1...200))
    }
}
