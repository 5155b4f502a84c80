import SeawallTestSupport
import SeawallTime
import Testing

@testable import SeawallBackoff

/// Timeouts and hedges of many calls at once on real threads: each call comes to an end, and leaves nothing behind.
@Suite(.timeLimit(.minutes(10))) struct ConcurrentRetryStressTests {
    private struct Trouble: Error {}

    /// The calls of one run that are under way, and the most that ever were.
    private final class Flight: Sendable {
        private let counts = Lock((now: 0, most: 0, begun: 0))

        var now: Int { counts.withLock { $0.now } }
        var most: Int { counts.withLock { $0.most } }
        var begun: Int { counts.withLock { $0.begun } }

        func begin() {
            counts.withLock { counts in
                counts.now += 1
                counts.begun += 1
                counts.most = max(counts.most, counts.now)
            }
        }

        func end() { counts.withLock { $0.now -= 1 } }
    }

    private struct Outcome: Sendable {
        var isEnd: Bool
        var stillRunning: Int
        var most: Int
        var begun: Int
    }

    @Test(arguments: [AttemptTimeout?.none, .cooperative(.milliseconds(40)), .abandoning(.milliseconds(40))])
    func whatRunsOutOrLosesIsWaitedForOrCounted(timeout: AttemptTimeout?) async throws {
        let (time, executor) = (ManualTime(), ThreadsExecutor(4))
        let spawner = TaskSpawner(executor: executor)
        let attempts = 3
        let policy = try ConcurrentRetryPolicy(
            RetryPolicy(maximumAttempts: attempts, backoff: .constant(.milliseconds(5))), attemptTimeout: timeout,
            hedging: Hedging(after: .fixed(.milliseconds(10)), maximumHedges: 1))
        let budget = try RetryBudget()
        let retrier = try ConcurrentRetrier(
            policy, effect: .read,
            environment: RuntimeEnvironment(
                time: time, random: SeededRandom(seed: 4, stream: "stress"), spawner: spawner),
            budget: budget)
        let isOver = Lock(false)
        // One thread moves time on whenever anybody sleeps, whatever the others are doing.
        let clock = WorkerThread()
        clock.run {
            while !isOver.withLock({ $0 }) {
                _ = time.advanceToNextDeadline()
                Crew.stepAside()
            }
        }
        let calls = (0..<400).map { number in
            Task(executorPreference: executor) { await Self.call(number, retrier, time) }
        }
        var outcomes: [Outcome] = []
        for call in calls { outcomes.append(await call.value) }
        // What was left behind ends by itself, and only then does time stand still.
        while spawner.liveCount > 0 { await spawner.spawn {}.value }
        isOver.withLock { $0 = true }
        #expect(outcomes.allSatisfy { $0.isEnd })
        #expect(outcomes.allSatisfy { $0.begun <= attempts })
        if case .abandoning = timeout {
            // Nor is one waited for that has not come to its beginning by then.
            #expect(outcomes.map(\.stillRunning).reduce(0, +) <= retrier.abandoned.total)
        } else {
            // A loser is cancelled and waited for; an attempt that ran out too.
            #expect(outcomes.allSatisfy { $0.begun >= 1 && $0.stillRunning == 0 && $0.most <= 2 })
            #expect(retrier.abandoned.total == 0)
        }
        #expect(retrier.abandoned.running == 0)
        #expect(time.sleeperCount == 0)
        #expect(budget.tokens >= 0 && budget.tokens <= RetryBudgetConfiguration().capacity)
    }

    private static func call(_ number: Int, _ retrier: ConcurrentRetrier, _ time: ManualTime) async -> Outcome {
        let flight = Flight()
        var isEnd = true
        do {
            _ = try await retrier.run { attempt in
                flight.begin()
                defer { flight.end() }
                var generator = SeededGenerator(seed: UInt64(number), stream: "call \(attempt.number)")
                try await time.sleep(for: .milliseconds(Int64(generator.below(60))))
                if generator.chance(0.3) { throw Trouble() }
                return attempt.number
            }
        } catch {
            isEnd = error is BackoffExhausted
        }
        return Outcome(isEnd: isEnd, stillRunning: flight.now, most: flight.most, begun: flight.begun)
    }
}
