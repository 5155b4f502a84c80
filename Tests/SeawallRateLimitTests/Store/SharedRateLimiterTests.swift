import SeawallTime
import Testing

@testable import SeawallRateLimit

/// Several limiters on one store, and stores that fail.
@Suite struct SharedRateLimiterTests {
    /// Limiters that share what a store keeps, in manual time.
    private final class World: Sendable {
        let time = ManualTime()
        let executor = StepExecutor()
        let spawner: TaskSpawner
        let environment: RuntimeEnvironment
        let log = Lock<[String]>([])

        init() {
            spawner = TaskSpawner(executor: executor)
            environment = RuntimeEnvironment(time: time, spawner: spawner)
        }

        /// Whoever sleeps wakes and goes, so that nothing is left behind.
        deinit {
            spawner.cancelAll()
            executor.run()
        }

        func advance(by duration: Duration) {
            let end = time.now.advanced(by: duration)
            while let next = time.nextDeadline, next <= end {
                time.advance(to: next)
                executor.run()
            }
            time.advance(to: end)
            executor.run()
        }

        func run(
            _ limiter: SharedRateLimiter, weight: Int = 1, of bucket: String = "a", key: String = "",
            lane: Lane = "low", deadline: Duration? = nil,
            _ then: @escaping @Sendable (SharedRateLimiter.Lease) -> Void = { _ in }
        ) -> Task<Void, Never> {
            let end = deadline.map { time.now.advanced(by: $0) }
            let task = Task(executorPreference: executor) {
                do {
                    let charge = Charge(weights: [bucket: weight], key: key)
                    then(try await limiter.acquire(charge, lane: lane, deadline: end))
                    self.log.withLock { $0.append("granted") }
                } catch let error as RateLimitError {
                    self.log.withLock { $0.append(error.description) }
                } catch {
                    self.log.withLock { $0.append("\(error)") }
                }
            }
            executor.run()
            return task
        }
    }

    private static let configuration = RateLimiterConfiguration(
        lanes: ["high", "low"],
        buckets: [BucketConfiguration(name: "a", limit: 10, window: .seconds(10), marginPerMille: 1_000)])

    @Test(arguments: 0..<12)
    func severalLimitersShareOneLimitAndTheDeathOfOneOverrunsNothing(seed: Int) throws {
        let world = World()
        let store = try InProcessRateLimitStore(
            configuration: Self.configuration, leaseDuration: .seconds(25), time: world.time)
        var random = SeededGenerator(seed: UInt64(seed), stream: "store")
        let limiters = try (0..<3).map { _ in
            try SharedRateLimiter(store: store, lanes: ["high", "low"], environment: world.environment)
        }
        // What each took, from when it may have arrived until when at the latest.
        let spent = Lock<[(from: Int64, to: Int64, weight: Int)]>([])
        let open = Lock<[(limiter: Int, lease: SharedRateLimiter.Lease, spending: Int)]>([])
        for step in 0..<150 {
            let isOver = step > 120
            world.advance(by: .milliseconds(Int64(random.below(1_500))))
            let index = Int(random.below(3))
            let weight = 1 + Int(random.below(3))
            // The first dies in the middle: it tells of nothing any more.
            if !isOver, step < 70 || index > 0 {
                let deadline: Duration? = random.chance(0.5) ? .seconds(3) : nil
                let task = world.run(limiters[index], weight: weight, deadline: deadline) { lease in
                    let now = world.time.now.nanoseconds
                    let place = spent.withLock { spent in
                        // Whoever says nothing counts to the end of his lease.
                        spent.append((now, lease.validUntil.nanoseconds, weight))
                        return spent.count - 1
                    }
                    open.withLock { $0.append((index, lease, place)) }
                }
                if random.chance(0.2) { task.cancel() }
            }
            let ready = open.withLock { $0.indices.filter { _ in random.chance(0.3) } }
            for place in ready.reversed() {
                let (index, lease, spending) = open.withLock { $0[place] }
                if index == 0, step >= 70 { continue }
                guard world.time.now < lease.validUntil else { continue }
                _ = open.withLock { $0.remove(at: place) }
                let now = world.time.now.nanoseconds
                if random.chance(0.2) {
                    limiters[index].giveBack(lease)
                    spent.withLock { $0[spending].weight = 0 }
                } else {
                    limiters[index].settle(lease)
                    spent.withLock { $0[spending].to = now }
                }
                world.executor.run()
            }
        }
        let all = spent.withLock { $0 }
        #expect(all.count > 20)
        for first in all {
            let inWindow = all.filter { $0.from < first.to + 10_000_000_000 && $0.to >= first.to }
            #expect(inWindow.reduce(0) { $0 + $1.weight } <= 10, "seed \(seed)")
        }
        // All of it comes back, and one that is alone has all of it.
        world.advance(by: .seconds(2_000))
        #expect(store.status.buckets[0].used == 0)
        world.log.withLock { $0 = [] }
        _ = world.run(limiters[2], weight: 10)
        #expect(world.log.withLock { $0 } == ["granted"])
    }

    @Test func whoseKeyHasNoCounterYetWaitsForOne() throws {
        let world = World()
        var configuration = Self.configuration
        configuration.buckets[0].isPerKey = true
        configuration.maximumKeys = 1
        let store = try InProcessRateLimitStore(configuration: configuration, time: world.time)
        let limiter = try SharedRateLimiter(store: store, lanes: ["high", "low"], environment: world.environment)
        _ = world.run(limiter, key: "x") { limiter.settle($0) }
        _ = world.run(limiter, key: "y")
        world.advance(by: .milliseconds(9_999))
        #expect(world.log.withLock { $0 } == ["granted"])
        world.advance(by: .milliseconds(1))
        #expect(world.log.withLock { $0 } == ["granted", "granted"])
    }

    // MARK: Stores that fail

    private struct Failure: Error {}

    /// A store that does what it is told to.
    private final class BadStore: RateLimitStore {
        let name = "redis"
        let answer: @Sendable () async throws -> StoreAnswer
        let returned = Lock<[String]>([])
        /// Who asked, in order.
        let asked = Lock<[String]>([])

        init(_ answer: @escaping @Sendable () async throws -> StoreAnswer) { self.answer = answer }

        func take(_ charge: Charge, lane: Lane) async throws -> StoreAnswer {
            asked.withLock { asked in
                let weights = charge.weights.map { "\($0.value) of \($0.key)" }.joined()
                asked.append("\(lane) \(weights)")
            }
            return try await answer()
        }
        func settle(_ lease: StoreLease) async throws { throw Failure() }
        func giveBack(_ lease: StoreLease) async throws { returned.withLock { $0.append(lease.id) } }
    }

    private func limiter(_ store: BadStore, _ world: World) throws -> SharedRateLimiter {
        try SharedRateLimiter(store: store, lanes: ["high", "low"], environment: world.environment)
    }

    @Test func aStoreThatThrowsOrLiesGrantsNothingAndIsNamed() throws {
        let world = World()
        let answers: [@Sendable () async throws -> StoreAnswer] = [
            { throw Failure() }, { .granted(StoreLease(id: "1", lasts: .zero)) },
            { .granted(StoreLease(id: "1", lasts: .seconds(Int64.min))) },
            { throw RateLimitError(code: .noTokens, subject: "weight") }, { throw CancellationError() },
            { .refused(after: nil, reason: "never") },
        ]
        for answer in answers { _ = world.run(try limiter(BadStore(answer), world)) }
        let log = world.log.withLock { $0 }
        #expect(log.count == 6)
        #expect(log.allSatisfy { $0.contains("(redis)") }, "\(log)")
        #expect(log.map { $0.contains("storeFailed") } == [true, true, true, true, true, false])
    }

    @Test func aStoreThatSaysToAskAgainAtOnceIsAskedAgainInTimeAndNoMore() throws {
        let world = World()
        let asked = Lock(0)
        let store = BadStore {
            asked.withLock { $0 += 1 }
            return .refused(after: .seconds(-5), reason: "")
        }
        _ = world.run(try limiter(store, world), deadline: .milliseconds(10))
        world.advance(by: .seconds(1))
        #expect(world.log.withLock { $0.first?.contains("deadlineExceeded") } == true)
        #expect((2...11).contains(asked.withLock { $0 }))
    }

    /// A store that grants to each who asks, so long after it was asked.
    private func slow(_ world: World, _ delay: Duration, lasting: Duration = .seconds(300)) -> BadStore {
        BadStore {
            try? await world.time.sleep(for: delay)
            return .granted(StoreLease(id: "late", lasts: lasting))
        }
    }

    @Test func aSilentStoreKeepsEachOfTwoCallersForItsPatienceAndWhatItGrantsTooLateIsGivenBack() throws {
        let world = World()
        let store = slow(world, .seconds(60))
        let limiter = try limiter(store, world)
        _ = world.run(limiter)
        _ = world.run(limiter, lane: "high")
        world.advance(by: .seconds(5))
        let silent = "rate limit: storeFailed (redis): no answer within 5.0 seconds"
        #expect(world.log.withLock { $0 } == [silent])
        #expect(store.asked.withLock { $0 } == ["low 1 of a", "high 1 of a"])
        world.advance(by: .seconds(5))
        #expect(world.log.withLock { $0 } == [silent, silent])
        world.advance(by: .seconds(100))
        #expect(store.returned.withLock { $0 } == ["late", "late"])
        #expect(world.spawner.liveCount == 0)
    }

    @Test(arguments: [nil, Duration.seconds(2)])
    func aQuestionWithoutAnAnswerIsCancelledWhenThePatienceIsOver(deadline: Duration?) throws {
        let world = World()
        let cancelledAt = Lock<[MonotonicInstant]>([])
        let store = BadStore {
            do { try await world.time.sleep(until: .distantFuture) } catch {
                cancelledAt.withLock { $0.append(world.time.now) }
                throw error
            }
            throw Failure()
        }
        _ = world.run(try limiter(store, world), deadline: deadline)
        world.advance(by: .seconds(4))
        #expect(world.spawner.liveCount == 1)
        world.advance(by: .seconds(1))
        #expect(cancelledAt.withLock { $0 } == [.origin.advanced(by: .seconds(5))])
        #expect(world.spawner.liveCount == 0)
        let expected =
            deadline == nil ? "storeFailed (redis): no answer within 5.0 seconds" : "deadlineExceeded (redis)"
        #expect(world.log.withLock { $0 } == ["rate limit: " + expected])
    }

    @Test func aStoreThatNeverAnswersAndCannotBeStoppedIsLeftWithSoManyQuestions() throws {
        let world = World()
        let unanswered = Lock<[UnsafeContinuation<Void, Never>]>([])
        let store = BadStore {
            await withUnsafeContinuation { continuation in unanswered.withLock { $0.append(continuation) } }
            return .granted(StoreLease(id: "late", lasts: .seconds(300)))
        }
        let limiter = try limiter(store, world)
        let most = SharedRateLimiter.mostQuestions
        for call in 0..<most {
            // Of some the callers leave, by their deadlines.
            _ = world.run(limiter, deadline: call % 2 == 0 ? nil : .seconds(1))
            world.advance(by: .seconds(5))
        }
        for _ in 0..<10 { _ = world.run(limiter) }
        let tooMany = "rate limit: storeFailed (redis): 64 questions have had no answer yet"
        #expect(world.log.withLock { $0.count } == most + 10)
        #expect(world.log.withLock { $0.suffix(10) } == Array(repeating: tooMany, count: 10)[...])
        #expect(world.log.withLock { $0.prefix(most).contains(tooMany) } == false)
        #expect(store.asked.withLock { $0.count } == most)
        #expect(world.spawner.liveCount == most)
        // It has woken up, and is asked again; what nobody waits for any more goes back to it.
        func answer() {
            for continuation in unanswered.withLock({ $0 }) { continuation.resume() }
            unanswered.withLock { $0 = [] }
            world.executor.run()
        }
        answer()
        #expect(store.returned.withLock { $0.count } == most)
        #expect(world.spawner.liveCount == 0)
        _ = world.run(limiter)
        answer()
        #expect(world.log.withLock { $0.last } == "granted")
    }

    @Test func aRefusedCallWaitsForItsTimeWithoutHoldingUpOthers() throws {
        let world = World()
        let isShut = Lock(true)
        let store = BadStore {
            isShut.withLock { $0 }
                ? .refused(after: .seconds(30), reason: "") : .granted(StoreLease(id: "1", lasts: .seconds(300)))
        }
        let limiter = try limiter(store, world)
        _ = world.run(limiter, weight: 9)
        isShut.withLock { $0 = false }
        world.advance(by: .seconds(1))
        // Of its own kind nobody goes past it, however light.
        _ = world.run(limiter, weight: 1)
        #expect(world.log.withLock { $0 } == [])
        _ = world.run(limiter, weight: 2, lane: "high")
        #expect(world.log.withLock { $0 } == ["granted"])
        _ = world.run(limiter, weight: 3, of: "b")
        #expect(world.log.withLock { $0 } == ["granted", "granted"])
        world.advance(by: .seconds(29))
        #expect(world.log.withLock { $0.count } == 4)
        #expect(store.asked.withLock { $0 } == ["low 9 of a", "high 2 of a", "low 3 of b", "low 9 of a", "low 1 of a"])
    }

    @Test func whoWaitsToAskIsServedByLane() throws {
        let world = World()
        let store = slow(world, .seconds(1))
        let limiter = try limiter(store, world)
        for (weight, lane) in [(1, "low"), (2, "low"), (3, "high"), (4, "high")] as [(Int, Lane)] {
            _ = world.run(limiter, weight: weight, of: "\(weight)", lane: lane)
        }
        let gone = world.run(limiter, weight: 5, lane: "high")
        gone.cancel()
        world.executor.run()
        #expect(world.log.withLock { $0 } == ["CancellationError()"])
        world.advance(by: .seconds(4))
        #expect(store.asked.withLock { $0 } == ["low 1 of 1", "high 3 of 3", "high 4 of 4", "low 2 of 2"])
        #expect(world.log.withLock { $0.filter { $0 == "granted" }.count } == 4)
    }

    @Test func waitingInLineEndsAtTheDeadline() throws {
        let world = World()
        let store = slow(world, .seconds(60))
        let limiter = try limiter(store, world)
        _ = world.run(limiter)
        _ = world.run(limiter, deadline: .seconds(3))
        _ = world.run(limiter, of: "b", deadline: .seconds(3))
        world.advance(by: .milliseconds(2_999))
        #expect(world.log.withLock { $0 } == [])
        world.advance(by: .milliseconds(1))
        #expect(world.log.withLock { $0 } == Array(repeating: "rate limit: deadlineExceeded (redis)", count: 2))
        world.advance(by: .seconds(100))
        #expect(store.asked.withLock { $0.count } == 1)
    }

    @Test(arguments: [2, 5])
    func aQuestionEndsAtTheDeadline(seconds: Int) throws {
        let world = World()
        let store = slow(world, .seconds(5))
        _ = world.run(try limiter(store, world), deadline: .seconds(seconds))
        world.advance(by: .seconds(seconds))
        #expect(world.log.withLock { $0 } == ["rate limit: deadlineExceeded (redis)"])
        world.advance(by: .seconds(5))
        #expect(store.returned.withLock { $0 } == ["late"])
        #expect(world.spawner.liveCount == 0)
    }

    @Test func aLeaseThatHasEndedWhenItsAnswerComesIsAFaultOfTheStore() throws {
        let world = World()
        let store = slow(world, .seconds(4), lasting: .seconds(4))
        _ = world.run(try limiter(store, world), deadline: .seconds(60))
        world.advance(by: .seconds(4))
        #expect(world.log.withLock { $0.first?.contains("storeFailed (redis): a lease of 4.0 seconds") } == true)
        #expect(store.returned.withLock { $0 } == ["late"])
    }

    @Test func callsOfALaneAreBoundedAndLeaveNothing() throws {
        var lines = StoreLines()
        let low = StoreLines.Kind(["a": 1], lane: "low")
        for _ in 0..<StoreLines.mostOfLane { _ = try lines.enter(low) }
        let error = #expect(throws: RateLimitError.self) { try lines.enter(StoreLines.Kind(["b": 1], lane: "low")) }
        #expect(error?.code == .queueFull)
        let high = StoreLines.Kind(["a": 1], lane: "high")
        _ = try lines.enter(high)
        #expect(lines.count == 2)
        lines.leave(high)
        for _ in 0..<StoreLines.mostOfLane { lines.leave(low) }
        #expect(lines.count == 0)
        _ = try lines.enter(low)
    }

    @Test func whatMakesNoLimiterAndNoCall() throws {
        let world = World()
        let store = slow(world, .zero)
        for patience in [Duration.zero, .seconds(-1)] {
            let error = #expect(throws: RateLimitError.self) {
                try SharedRateLimiter(store: store, lanes: ["a", "a"], patience: patience)
            }
            #expect(error?.code == .invalidConfiguration)
            #expect(error?.subject == "redis")
            #expect(error?.details.count == 2)
        }
        _ = world.run(try limiter(store, world), lane: "nowhere")
        #expect(world.log.withLock { $0 } == ["rate limit: unknownLane (nowhere)"])
        #expect(store.asked.withLock { $0 } == [])
    }
}
