import SeawallTime
import Testing

@testable import SeawallRateLimit

/// Permits by lane, and limits that change.
@Suite struct ConcurrencyLaneTests {
    private let executor = StepExecutor()

    private final class Ends: Sendable {
        let held = Lock<[Int]>([])
    }

    private func call(_ number: Int, _ limiter: ConcurrencyLimiter, _ lane: Lane?, _ ends: Ends) -> Task<Void, Never> {
        let task = Task(executorPreference: executor) {
            do {
                try await limiter.acquire(lane: lane)
                ends.held.withLock { $0.append(number) }
            } catch {}
        }
        executor.run()
        return task
    }

    /// Every permit goes to whom a list of those who wait says, under random asking, releasing, cancelling and limits.
    @Test(arguments: 0..<12)
    func agreesWithAListOfThoseWhoWait(seed: Int) throws {
        let lanes: [Lane] = ["high", "middle", "low"]
        var random = SeededGenerator(seed: UInt64(seed), stream: "permits")
        let limiter = try ConcurrencyLimiter(limit: 2, lanes: lanes)
        let ends = Ends()
        var tasks: [Int: Task<Void, Never>] = [:]
        var limit = 2
        var inUse = 0
        var waiting: [(number: Int, lane: Int)] = []
        var expected: [Int] = []
        func grant() {
            while inUse < limit, let lane = waiting.map(\.lane).min(),
                let first = waiting.firstIndex(where: { $0.lane == lane })
            {
                inUse += 1
                expected.append(waiting.remove(at: first).number)
            }
        }
        for number in 0..<150 {
            switch random.below(7) {
            case 0...2:
                let lane = Int(random.below(4))
                // Without a lane it waits in the lowest.
                waiting.append((number, min(lane, 2)))
                tasks[number] = call(number, limiter, lane == 3 ? nil : lanes[lane], ends)
            case 3, 4:
                limiter.release()
                inUse = max(0, inUse - 1)
            case 5:
                guard let victim = waiting.randomElement(using: &random)?.number else { continue }
                waiting.removeAll { $0.number == victim }
                tasks[victim]?.cancel()
            default:
                if random.chance(0.5) {
                    #expect(limiter.tryAcquire() == (inUse < limit))
                    if inUse < limit { inUse += 1 }
                } else {
                    limit = 1 + Int(random.below(4))
                    try limiter.setLimit(limit)
                }
            }
            grant()
            executor.run()
            try #require(ends.held.withLock { $0.sorted() } == expected.sorted(), "step \(number)")
            #expect(limiter.inUse == inUse)
            #expect(limiter.waiting == waiting.count)
            #expect(limiter.limit == limit)
        }
        #expect(expected.count > 20)
        for task in tasks.values { task.cancel() }
        executor.run()
        #expect(limiter.waiting == 0)
    }

    @Test func anUnknownLaneAndALimitThatIsNoneAreRefused() async throws {
        let limiter = try ConcurrencyLimiter(limit: 1, lanes: ["high", "low"])
        let error = await #expect(throws: RateLimitError.self) { try await limiter.acquire(lane: "nowhere") }
        #expect(error?.code == .unknownLane)
        #expect(throws: RateLimitError.self) { try limiter.setLimit(0) }
        #expect(limiter.limit == 1)
        #expect(limiter.inUse == 0)
        let bad = #expect(throws: RateLimitError.self) { try ConcurrencyLimiter(limit: -1, lanes: ["a", "a"]) }
        #expect(bad?.details == ["limit is -1, expected 1 or more", "lanes[1] is a again, expected each once"])
    }

    @Test func aPermitIsHeldWhileTheBodyRunsInALane() async throws {
        let limiter = try ConcurrencyLimiter(limit: 1, lanes: ["high", "low"])
        let inside = try await limiter.withPermit(lane: "high") { limiter.inUse }
        #expect(inside == 1)
        #expect(limiter.inUse == 0)
    }
}
