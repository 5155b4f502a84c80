import SeawallTestSupport
import SeawallTime
import Testing

@testable import SeawallRateLimit

/// Permits from real threads, and from many tasks that are cancelled.
@Suite struct ConcurrencyThreadTests {
    /// How many are inside, and how many were at most.
    private final class Crowd: Sendable {
        private let inside = Lock((now: 0, most: 0))
        var most: Int { inside.withLock { $0.most } }
        func enter() { inside.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) } }
        func leave() { inside.withLock { $0.now -= 1 } }
    }

    /// Where one thread leaves a permit for another.
    private final class Desk: Sendable {
        private let stored = Lock<ConcurrencyPermit?>(nil)
        var permit: ConcurrencyPermit? { stored.withLock { $0 } }
        func put(_ permit: ConcurrencyPermit?) { stored.withLock { $0 = permit } }
    }

    @Test func threadsNeverHoldMoreThanThereAre() async throws {
        let fixed = try ConcurrencyLimiter(limit: 2)
        let learnt = try ConcurrencyLimiter(
            adaptive: AdaptiveConcurrency(initial: 2, minimum: 1, maximum: 2, probeLimit: 1, samples: 5))
        for limiter in [fixed, learnt] {
            let crowd = Crowd()
            let got = await Crew.results(4) { thread in
                var got = 0
                for round in 0..<20_000 {
                    guard let permit = limiter.tryAcquirePermit() else {
                        Crew.stepAside()
                        continue
                    }
                    crowd.enter()
                    got += 1
                    crowd.leave()
                    if round % 3 > 0 { permit.finish(round % 3 == 1 ? .succeeded : .dropped) }
                    if round % 7 == thread { permit.finish(.succeeded) }
                }
                return got
            }
            #expect(crowd.most <= 2)
            #expect(limiter.inUse == 0)
            #expect(got.reduce(0, +) == limiter.status.lanes.reduce(0) { $0 + Int($1.granted) })
            #expect(got.reduce(0, +) > 1_000)
        }
    }

    /// One permit, told by two threads at once how its call ended: it comes back once.
    @Test func aPermitThatTwoThreadsFinishComesBackOnce() async throws {
        let limiter = try ConcurrencyLimiter(limit: 4)
        let desk = Desk()
        let meeting = Rendezvous(2)
        _ = await Crew.results(2) { thread in
            for round in 0..<2_000 {
                if thread == 0 { desk.put(limiter.tryAcquirePermit()) }
                meeting.meet(round: 2 * round)
                desk.permit?.finish(.succeeded)
                meeting.meet(round: 2 * round + 1)
            }
            return 0
        }
        #expect(limiter.inUse == 0)
        // None came back twice either, or the count would be below what is out.
        let permits = (0..<5).map { _ in limiter.tryAcquirePermit() }
        #expect(permits.map { $0 != nil } == [true, true, true, true, false])
        #expect(limiter.status.lanes.map(\.granted) == [2_004])
    }

    @Test func tasksThatAreCancelledAnywhereLoseNoPermit() async throws {
        let learnt = try ConcurrencyLimiter(
            adaptive: AdaptiveConcurrency(initial: 3, minimum: 1, maximum: 4, samples: 5), lanes: ["high", "low"],
            maximumWaiters: 50)
        let crowd = Crowd()
        await withTaskGroup(of: Void.self) { group in
            for index in 0..<2_000 {
                group.addTask {
                    let task = Task {
                        let lane: Lane = index % 2 == 0 ? "high" : "low"
                        guard let permit = try? await learnt.acquirePermit(lane: lane) else { return }
                        crowd.enter()
                        await Task {}.value
                        crowd.leave()
                        if index % 5 > 0 { permit.finish(index % 5 == 1 ? .dropped : .succeeded) }
                    }
                    if index % 3 == 0 { task.cancel() }
                    await task.value
                }
            }
        }
        #expect(crowd.most <= 4)
        #expect(learnt.inUse == 0)
        #expect(learnt.waiting == 0)
        #expect((1...4).contains(learnt.limit))
    }

    /// A cancellation and the permit come at once, again and again: it is held by one, or free.
    @Test func aCancellationThatRacesWithThePermitKeepsTheCount() async throws {
        let limiter = try ConcurrencyLimiter(limit: 1)
        for _ in 0..<500 {
            let held = try await limiter.acquirePermit()
            let waiter = Task { try await limiter.acquirePermit() }
            let other = Task { held.finish(.succeeded) }
            waiter.cancel()
            await other.value
            if case .success(let permit) = await waiter.result { permit.finish(.ignored) }
            try #require(limiter.inUse == 0)
            try #require(limiter.waiting == 0)
        }
    }
}
