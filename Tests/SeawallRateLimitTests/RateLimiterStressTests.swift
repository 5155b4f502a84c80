import SeawallRateLimit
import SeawallTime
import Testing

/// Real threads and real time: what was granted is judged after the fact.
@Suite struct RateLimiterStressTests {
    private static let window: Int64 = 2_000_000

    private final class Spendings: Sendable {
        private let stored = Lock<[(at: Int64, weight: Int)]>([])
        var inOrder: [(at: Int64, weight: Int)] { stored.withLock { $0.sorted { $0.at < $1.at } } }
        func note(_ grant: Grant, _ weight: Int) { stored.withLock { $0.append((grant.instant.nanoseconds, weight)) } }
    }

    @Test func manyTasksWithCancellationsNeitherLoseNorMintAToken() async throws {
        let limiter = try RateLimiter(
            configuration: RateLimiterConfiguration(
                lanes: ["high", "low"],
                buckets: [
                    BucketConfiguration(
                        name: "weight", limit: 20, window: .nanoseconds(Self.window), marginPerMille: 1_000,
                        reserves: ["high": 3])
                ],
                maximumWaiters: 10_000))
        let used = Spendings()
        await withTaskGroup(of: Void.self) { group in
            for index in 0..<1_500 {
                let weight = 1 + index % 5
                group.addTask {
                    let lane: Lane = index % 3 == 0 ? "high" : "low"
                    guard let grant = try? await limiter.acquire(["weight": weight], lane: lane) else { return }
                    if index % 7 == 0 {
                        limiter.giveBack(grant)
                        limiter.giveBack(grant)
                    } else {
                        used.note(grant, weight)
                    }
                }
                // A task of its own that is cancelled at any point of its way.
                group.addTask {
                    let task = Task {
                        guard let grant = try? await limiter.acquire(["weight": weight], lane: "low") else { return }
                        used.note(grant, weight)
                    }
                    if index % 2 == 0 { _ = limiter.tryAcquire(["weight": 0], lane: "high") }
                    task.cancel()
                    await task.value
                }
            }
        }
        let spent = used.inOrder
        var first = 0
        var sum = 0
        for spending in spent {
            sum += spending.weight
            while spending.at - spent[first].at >= Self.window {
                sum -= spent[first].weight
                first += 1
            }
            #expect(sum <= 20)
        }
        let status = limiter.status
        #expect(status.waiting == 0)
        #expect(spent.count >= 1_280)
        #expect(status.lanes.reduce(0) { $0 + $1.granted } >= UInt64(spent.count))
    }

    @Test func cancellationRacingWithTheGrantAccountsForEveryToken() async throws {
        let time = ManualTime()
        let limiter = try RateLimiter(
            configuration: RateLimiterConfiguration(
                lanes: ["only"],
                buckets: [
                    BucketConfiguration(name: "weight", limit: 1, window: .seconds(3_600), marginPerMille: 1_000)
                ]),
            environment: RuntimeEnvironment(time: time))
        for _ in 0..<500 {
            let held = try await limiter.acquire(["weight": 1], lane: "only")
            let waiter = Task { try await limiter.acquire(["weight": 1], lane: "only") }
            let other = Task { limiter.giveBack(held) }
            waiter.cancel()
            await other.value
            if case .success(let grant) = await waiter.result { limiter.giveBack(grant) }
            try #require(limiter.status.buckets[0].tokens == 1)
            try #require(limiter.status.waiting == 0)
        }
    }
}
