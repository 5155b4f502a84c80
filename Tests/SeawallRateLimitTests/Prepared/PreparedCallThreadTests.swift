import SeawallTestSupport
import SeawallTime
import Synchronization
import Testing

@testable import SeawallRateLimit

/// Prepared calls from real threads, with others who take, give back and look meanwhile.
@Suite struct PreparedCallThreadTests {
    /// The sum of all that was granted and not given back is what the limiter says, and never above what there is.
    @Test func noTokenIsLostOrMintedBetweenThreads() async throws {
        let configuration = RateLimiterConfiguration(
            lanes: ["high", "low"],
            buckets: [
                BucketConfiguration(
                    name: "a", limit: 60_000, window: .seconds(86_400), marginPerMille: 1_000, reserves: ["high": 500]),
                BucketConfiguration(name: "b", limit: 200_000, window: .seconds(86_400), marginPerMille: 1_000),
            ])
        for round in 0..<3 {
            let limiter = try RateLimiter(configuration: configuration)
            let shared = try limiter.prepare(["a": 3, "b": 1], lane: "low")
            let other = try limiter.prepare(["a": 2], lane: "high", clock: .coarse)
            let used = Atomic<Int>(0)
            let granted = Atomic<Int>(0)
            let refused = Atomic<Int>(0)
            let overdrawn = Atomic<Int>(0)
            let identities = Lock<[UInt64]>([])
            _ = await Crew.results(4) { thread in
                var random = SeededGenerator(seed: UInt64(round * 10 + thread), stream: "threads")
                var own: [UInt64] = []
                for step in 0..<9_000 {
                    let call = thread == 3 ? other : shared
                    switch call.tryAcquire() {
                    case .granted(let permit):
                        own.append(permit.id)
                        granted.add(1, ordering: .relaxed)
                        if random.chance(0.05) {
                            call.giveBack(permit)
                        } else {
                            used.add(thread == 3 ? 2 : 3, ordering: .relaxed)
                        }
                    case .refused:
                        refused.add(1, ordering: .relaxed)
                    }
                    if step % 500 == thread * 100 {
                        if limiter.status.buckets[0].used > 60_000 { overdrawn.add(1, ordering: .relaxed) }
                    }
                }
                identities.withLock { $0 += own }
            }
            let status = limiter.status
            #expect(status.buckets[0].used == used.load(ordering: .relaxed))
            #expect(status.granted == UInt64(granted.load(ordering: .relaxed)))
            #expect(status.refused == UInt64(refused.load(ordering: .relaxed)))
            #expect(overdrawn.load(ordering: .relaxed) == 0)
            #expect(used.load(ordering: .relaxed) <= 60_000)
            // Nothing that could be had was withheld.
            let left = 59_500 - status.buckets[0].used
            if left > 0 { #expect(limiter.tryAcquire(["a": left], lane: "low").grant != nil) }
            let all = identities.withLock { $0 }
            #expect(Set(all).count == all.count)
        }
    }

    /// What threads saw can be put in one order that the limiter itself would have answered so.
    @Test func answersAreThoseOfOneOrder() async throws {
        struct Answer: Sendable {
            var began: Int
            var ended: Int
            var id: UInt64?
        }
        let configuration = RateLimiterConfiguration(
            lanes: ["low"],
            buckets: [BucketConfiguration(name: "a", limit: 3_000, window: .seconds(86_400), marginPerMille: 1_000)])
        for _ in 0..<5 {
            let limiter = try RateLimiter(configuration: configuration)
            let call = try limiter.prepare(["a": 2], lane: "low")
            let ticks = Atomic<Int>(0)
            let answers = Lock<[Answer]>([])
            _ = await Crew.results(4) { _ in
                var own: [Answer] = []
                for _ in 0..<600 {
                    let began = ticks.add(1, ordering: .sequentiallyConsistent).newValue
                    let id = call.tryAcquire().permit?.id
                    own.append(
                        Answer(
                            began: began, ended: ticks.add(1, ordering: .sequentiallyConsistent).newValue, id: id))
                }
                answers.withLock { $0 += own }
            }
            let all = answers.withLock { $0 }
            let granted = all.filter { $0.id != nil }.sorted { ($0.id ?? 0) < ($1.id ?? 0) }
            #expect(granted.count == 1_500)
            // Numbers follow the order of granting: nobody who ended before another began has a higher one.
            var latestBegin = 0
            for answer in granted {
                #expect(answer.ended > latestBegin)
                latestBegin = max(latestBegin, answer.began)
            }
            // Who was refused overlapped or followed the last who was granted.
            let lastBegan = granted.last?.began ?? 0
            for answer in all where answer.id == nil { #expect(answer.ended > lastBegan) }
        }
    }
}
