import SeawallTime
import Testing

@testable import SeawallRateLimit

private final class Lines: Sendable {
    private let stored = Lock<[String]>([])
    var all: [String] { stored.withLock { $0 } }
    func note(_ line: String) { stored.withLock { $0.append(line) } }
}

/// Places in line that nobody stands in.
@Suite struct ReservationTests {
    private static let configuration = RateLimiterConfiguration(
        lanes: ["high", "low"],
        buckets: [
            BucketConfiguration(name: "a", scope: "ip", limit: 4, window: .seconds(10), marginPerMille: 1_000),
            BucketConfiguration(name: "b", limit: 6, window: .seconds(20), marginPerMille: 1_000),
        ])

    @Test func aPlaceComesToItsTurnAndIsToldWhen() throws {
        let world = try LimiterWorld(Self.configuration)
        let first = try world.limiter.reserve(["a": 3], lane: "low")
        let second = try world.limiter.reserve(["a": 3], lane: "low")
        let third = try world.limiter.reserve(["a": 4], lane: "low")
        #expect(first.waitTime == .zero)
        #expect(second.waitTime == .seconds(10))
        #expect(third.waitTime == .seconds(20))
        #expect(second.grantIfReady() == nil)
        world.advance(.seconds(10))
        #expect(second.waitTime == .zero)
        #expect(second.grantIfReady()?.instant == MonotonicInstant(nanoseconds: 10_000_000_000))
        #expect(second.grantIfReady() != nil)
        #expect(third.waitTime == .seconds(10))
    }

    @Test func aTurnThatCameIsSeenWithoutATimer() throws {
        let world = try LimiterWorld(Self.configuration)
        let first = try world.limiter.reserve(["a": 4], lane: "low")
        let second = try world.limiter.reserve(["a": 4], lane: "low")
        // Nobody runs the tasks: asking is enough.
        world.time.advance(by: .seconds(10))
        #expect(second.grantIfReady() != nil)
        first.giveBack()
    }

    @Test func whoReservesKeepsThoseBehindInOrder() throws {
        let world = try LimiterWorld(Self.configuration)
        _ = world.limiter.tryAcquire(["a": 3], lane: "low")
        let place = try world.limiter.reserve(["a": 2], lane: "low")
        world.call("light", ["a": 1])
        #expect(world.log == [])
        place.giveBack()
        world.executor.run()
        #expect(world.log == ["0s light granted"])
    }

    @Test func waitingForIt() async throws {
        let world = try LimiterWorld(Self.configuration)
        let held = try world.limiter.reserve(["a": 4], lane: "low")
        let place = try world.limiter.reserve(["a": 1], lane: "high")
        let lines = Lines()
        let wait: @Sendable (String) async -> Void = { name in
            do {
                _ = try await place.grant()
                lines.note("\(name) granted")
            } catch let error as RateLimitError {
                lines.note("\(name) \(error.code.rawValue)")
            } catch {
                lines.note("\(name) cancelled")
            }
        }
        Task(executorPreference: world.executor) { await wait("first") }
        world.executor.run()
        Task(executorPreference: world.executor) { await wait("second") }
        world.executor.run()
        held.giveBack()
        world.executor.run()
        Task(executorPreference: world.executor) { await wait("third") }
        world.executor.run()
        #expect(lines.all == ["second reservationInUse", "first granted", "third granted"])
        place.giveBack()
        #expect(world.limiter.status.buckets[0].used == 0)
    }

    @Test func givingBackWhileSomebodyWaitsAndCancellingLeaveNothing() throws {
        let world = try LimiterWorld(Self.configuration)
        let held = try world.limiter.reserve(["a": 4], lane: "low")
        let lines = Lines()
        func start(_ place: Reservation, _ name: String) -> Task<Void, Never> {
            let task = Task(executorPreference: world.executor) {
                let isGranted = (try? await place.grant()) != nil
                lines.note("\(name) \(isGranted)")
            }
            world.executor.run()
            return task
        }
        let given = try world.limiter.reserve(["a": 1], lane: "low")
        _ = start(given, "given back")
        given.giveBack()
        world.executor.run()
        let cancelled = try world.limiter.reserve(["a": 1], lane: "low")
        start(cancelled, "cancelled").cancel()
        world.executor.run()
        #expect(lines.all == ["given back false", "cancelled false"])
        #expect(given.waitTime == nil)
        #expect(cancelled.waitTime == nil)
        #expect(cancelled.grantIfReady() == nil)
        #expect(world.limiter.status.waiting == 0)
        held.giveBack()
        #expect(world.limiter.status.buckets[0].tokens == 4)
        #expect(world.limiter.state.withLock { $0.suspensions.count } == 0)
    }

    @Test func whatIsLetGoOfIsGivenBack() throws {
        let world = try LimiterWorld(Self.configuration)
        var held: Reservation? = try world.limiter.reserve(["a": 4], lane: "low")
        var waiting: Reservation? = try world.limiter.reserve(["a": 4], lane: "low")
        let claimed = try #require(held?.grantIfReady())
        // What was handed out may have been used.
        held = nil
        #expect(world.limiter.status.buckets[0].used == 4)
        waiting = nil
        #expect(world.limiter.status.waiting == 0)
        var other: Reservation? = try world.limiter.reserve(["a": 2], lane: "low")
        world.limiter.giveBack(claimed)
        // Its turn has come, and nobody has asked for the grant.
        #expect(world.limiter.status.buckets[0].used == 2)
        other = nil
        #expect(world.limiter.status.buckets[0].used == 0)
        _ = (held, waiting, other)
    }

    @Test(arguments: [false, true])
    func whatIsGrantedAtTheDoorAndLetGoOfUnaskedIsGivenBack(isHolding: Bool) throws {
        var configuration = Self.configuration
        configuration.holdsUntilSettled = isHolding
        let world = try LimiterWorld(configuration)
        var unasked: Reservation? = try world.limiter.reserve(["a": 4, "b": 2], lane: "low")
        #expect(unasked?.waitTime == .zero)
        world.call("behind", ["a": 4])
        #expect(world.log == [])
        unasked = nil
        world.executor.run()
        #expect(world.log == ["0s behind granted"])
        #expect(world.limiter.status.buckets[1].tokens == 6)
        var asked: Reservation? = try world.limiter.reserve(["b": 6], lane: "low")
        #expect(asked?.grantIfReady() != nil)
        asked = nil
        #expect(world.limiter.status.buckets[1].tokens == 0)
        _ = (unasked, asked)
    }

    @Test func atTheDoorAndAtTheEnd() throws {
        let world = try LimiterWorld(Self.configuration)
        func code(_ body: () throws -> Void) -> RateLimitError.Code? {
            do { try body() } catch { return (error as? RateLimitError)?.code }
            return nil
        }
        #expect(code { _ = try world.limiter.reserve(["a": 5], lane: "low") } == .weightOverBurst)
        _ = world.limiter.tryAcquire(["a": 4], lane: "low")
        let deadline = MonotonicInstant.origin.advanced(by: .seconds(10))
        #expect(code { _ = try world.limiter.reserve(["a": 1], lane: "low", deadline: deadline) } == .deadlineExceeded)
        let place = try world.limiter.reserve(["a": 1], lane: "low")
        world.limiter.shutdown()
        #expect(place.grantIfReady() == nil)
        #expect(place.waitTime == nil)
    }

    /// Whatever is given back, in whatever order and at whatever time, is as if it had never been.
    @Test(arguments: 0..<12)
    func givenBackInAnyOrderNothingIsLeft(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed), stream: "reservations")
        let world = try LimiterWorld(Self.configuration)
        var places: [Reservation] = []
        for _ in 0..<120 {
            switch random.below(4) {
            case 0, 1:
                let charge: Charge = random.chance(0.5) ? ["a": 1 + Int(random.below(3))] : ["a": 1, "b": 2]
                places.append(try world.limiter.reserve(charge, lane: random.chance(0.3) ? "high" : "low"))
            case 2:
                if let place = places.randomElement(using: &random) { _ = place.grantIfReady() }
            default:
                guard !places.isEmpty else { break }
                let place = places.remove(at: Int(random.below(UInt64(places.count))))
                place.giveBack()
                place.giveBack()
            }
            if random.chance(0.3) { world.advance(.seconds(Int64(random.below(6)))) }
        }
        while !places.isEmpty { places.remove(at: Int(random.below(UInt64(places.count)))).giveBack() }
        let status = world.limiter.status
        #expect(status.buckets.map(\.used) == [0, 0])
        #expect(status.buckets.map(\.tokens) == [4, 6])
        #expect(status.waiting == 0)
        #expect(world.limiter.state.withLock { $0.suspensions.count } == 0)
        #expect(world.limiter.tryAcquire(["a": 4, "b": 6], lane: "low").grant != nil)
    }
}
