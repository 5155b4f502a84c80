import SeawallTime
import Testing

@testable import SeawallBackoff

/// Hedges: when they begin, who wins, what becomes of the losers, and what they cost.
@Suite(.timeLimit(.minutes(10))) struct HedgingTests {
    private let manual: ManualTime
    private let quiet: QuietExecutor

    init() {
        manual = ManualTime()
        quiet = QuietExecutor(manual)
    }

    private func retrier(
        _ delay: Hedging.Delay = .fixed(.seconds(1)), hedges: Int = 1, attempts: Int = 10,
        timeout: AttemptTimeout? = nil, budget: RetryBudget? = nil, latency: LatencyTracker? = nil,
        classify: @escaping @Sendable (any Error) -> RetryDecision = { RetryDecision.cautious($0) }
    ) throws -> ConcurrentRetrier {
        let policy = try ConcurrentRetryPolicy(
            RetryPolicy(maximumAttempts: attempts, backoff: .constant(.seconds(100))), attemptTimeout: timeout,
            hedging: Hedging(after: delay, maximumHedges: hedges))
        return try ConcurrentRetrier(
            policy, effect: .read,
            environment: RuntimeEnvironment(
                time: manual, random: SeededRandom(seed: 3, stream: "hedging"), spawner: TaskSpawner(executor: quiet)),
            budget: budget, latency: latency, classify: classify)
    }

    /// What became of each call.
    private final class Journal: Sendable {
        let begun = Lock([Int: MonotonicInstant]())
        let cancelled = Lock(Set<Int>())

        /// A call that takes some time, and notes whether it was cut off.
        func call(_ attempt: RetryAttempt, _ duration: Duration, on time: ManualTime) async throws -> Int {
            begun.withLock { $0[attempt.number] = time.now }
            do {
                try await time.sleep(for: duration)
            } catch {
                cancelled.withLock { _ = $0.insert(attempt.number) }
                throw error
            }
            return attempt.number
        }
    }

    @Test func aReadThatIsQuickIsNotHedged() throws {
        let journal = Journal()
        let manual = manual
        let retrier = try retrier()
        let value = try quiet.run {
            try await retrier.run { try await journal.call($0, .milliseconds(999), on: manual) }
        }
        #expect(value == 1)
        #expect(journal.begun.withLock { $0.count } == 1)
        #expect(manual.sleeperCount == 0)
    }

    @Test func aSlowReadIsHedgedAtTheDelayAndTheFirstAnswerWins() throws {
        let journal = Journal()
        let manual = manual
        let retrier = try retrier()
        let value = try quiet.run {
            try await retrier.run {
                try await journal.call($0, $0.number == 1 ? .seconds(10) : .milliseconds(300), on: manual)
            }
        }
        #expect(value == 2)
        #expect(manual.now == .origin.advanced(by: .milliseconds(1_300)))
        #expect(journal.begun.withLock { $0[2] } == .origin.advanced(by: .seconds(1)))
        // The loser was cancelled, and had ended when the answer came back.
        #expect(journal.cancelled.withLock { $0 } == [1])
        #expect(manual.sleeperCount == 0)
    }

    @Test func theWinnerIsNotCancelledWithTheLosers() throws {
        let manual = manual
        let wasCancelled = Lock(false)
        let retrier = try retrier()
        try quiet.run {
            try await retrier.run { attempt in
                try await manual.sleep(for: attempt.number == 1 ? .seconds(10) : .milliseconds(1))
                wasCancelled.withLock { $0 = Task.isCancelled }
            }
        }
        #expect(!wasCancelled.withLock { $0 })
    }

    @Test func aLoserThatDoesNotListenIsWaitedFor() throws {
        let gate = Gate()
        let manual = manual
        let spawner = TaskSpawner(executor: quiet)
        let retrier = try retrier()
        let value = try quiet.run {
            spawner.spawn {
                try? await manual.sleep(for: .seconds(10))
                gate.open(with: 1)
            }
            return try await retrier.run { attempt in attempt.number == 1 ? await gate.wait() : attempt.number }
        }
        #expect(value == 2)
        #expect(manual.now == .origin.advanced(by: .seconds(10)))
    }

    @Test func everyHedgeDrawsOnTheBudgetAndAnEmptyOneHarmsNoRunningCall() throws {
        var configuration = RetryBudgetConfiguration()
        configuration.capacity = 15
        let budget = try RetryBudget(configuration: configuration)
        let journal = Journal()
        let manual = manual
        let retrier = try retrier(hedges: 3, budget: budget)
        let value = try quiet.run {
            try await retrier.run { try await journal.call($0, .seconds(10), on: manual) }
        }
        // One hedge for 10 of 15 tokens, then none; the first call goes on to its end and wins.
        #expect(value == 1)
        #expect(journal.begun.withLock { $0.count } == 2)
        #expect(budget.tokens == 5)
        #expect(budget.refusals > 0)
        #expect(manual.now == .origin.advanced(by: .seconds(10)))
    }

    @Test func hedgesAreAttemptsAndStopAtTheCap() throws {
        let journal = Journal()
        let manual = manual
        let retrier = try retrier(hedges: 10, attempts: 3)
        let value = try quiet.run {
            try await retrier.run { try await journal.call($0, .seconds(60), on: manual) }
        }
        #expect(value == 1)
        #expect(journal.begun.withLock { $0.keys.sorted() } == [1, 2, 3])
    }

    @Test func noHedgeBeginsAtTheDeadline() throws {
        let journal = Journal()
        let manual = manual
        let retrier = try retrier()
        let value = try quiet.run {
            try await retrier.run(deadline: .origin.advanced(by: .seconds(1))) {
                try await journal.call($0, .seconds(5), on: manual)
            }
        }
        #expect(value == 1)
        #expect(journal.begun.withLock { $0.count } == 1)
    }

    @Test func aFailureThatStopsEndsTheOthersToo() throws {
        let manual = manual
        let journal = Journal()
        let retrier = try retrier(classify: { _ in .stop })
        #expect(throws: Trouble(number: 2)) {
            try quiet.run {
                try await retrier.run { attempt in
                    if attempt.number == 2 { throw Trouble(number: 2) }
                    return try await journal.call(attempt, .seconds(60), on: manual)
                }
            }
        }
        #expect(journal.cancelled.withLock { $0 } == [1])
        #expect(manual.now == .origin.advanced(by: .seconds(1)))
    }

    @Test func aFailedHedgeLeavesTheFirstCallToWin() throws {
        let manual = manual
        let journal = Journal()
        let retrier = try retrier()
        let value = try quiet.run {
            try await retrier.run { attempt in
                if attempt.number == 2 { throw Trouble(number: 2) }
                return try await journal.call(attempt, .seconds(5), on: manual)
            }
        }
        #expect(value == 1)
        #expect(journal.cancelled.withLock { $0 }.isEmpty)
    }

    @Test func theServersPauseKeepsHedgesBack() throws {
        let manual = manual
        let journal = Journal()
        let retrier = try retrier(hedges: 5, classify: { _ in .retryAfter(.seconds(30)) })
        let value = try quiet.run {
            try await retrier.run { attempt in
                if attempt.number == 2 { throw Trouble(number: 2) }
                return try await journal.call(attempt, .seconds(10), on: manual)
            }
        }
        #expect(value == 1)
        #expect(journal.begun.withLock { $0.count } == 1)
    }

    @Test func whenAllHaveFailedTheRoundBacksOffOnce() throws {
        let manual = manual
        let begun = Lock([MonotonicInstant]())
        let retrier = try retrier(attempts: 3)
        let value = try quiet.run {
            try await retrier.run { attempt in
                begun.withLock { $0.append(manual.now) }
                if attempt.number == 3 { return 3 }
                try await manual.sleep(for: .seconds(2))
                throw Trouble(number: attempt.number)
            }
        }
        #expect(value == 3)
        // One at 0, its hedge at 1 s; the last of them fails at 3 s, and the policy waits 100 s.
        #expect(begun.withLock { $0.map(\.nanoseconds) } == [0, 1_000_000_000, 103_000_000_000])
    }

    @Test func aCancelledCallerEndsAllCalls() async throws {
        let manual = manual
        let journal = Journal()
        let retrier = try retrier(
            classify: { _ in
                Issue.record("cancellation was classified")
                return .retry
            })
        let task = Task(executorPreference: quiet) {
            try await retrier.run { try await journal.call($0, .seconds(60), on: manual) }
        }
        quiet.drain()
        manual.advance(by: .seconds(1))
        quiet.drain()
        task.cancel()
        quiet.drain()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(journal.cancelled.withLock { $0 } == [1, 2])
        #expect(manual.sleeperCount == 0)
    }

    @Test func theLiveQuantileIsTheDelayAndBeforeItIsKnownNothingIsHedged() throws {
        let manual = manual
        let latency = try LatencyTracker(capacity: 100, leastSamples: 10)
        let retrier = try retrier(
            .quantile(permille: 900, minimum: .milliseconds(1)), latency: latency)
        for _ in 0..<9 { latency.record(.milliseconds(200)) }
        let unknown = Journal()
        _ = try quiet.run {
            try await retrier.run { try await unknown.call($0, .seconds(5), on: manual) }
        }
        #expect(unknown.begun.withLock { $0.count } == 1)
        // Nine of 200 ms and one of 5 s: the 90 % quantile is 200 ms.
        let start = manual.now
        let known = Journal()
        _ = try quiet.run {
            try await retrier.run {
                try await known.call($0, $0.number == 1 ? .seconds(5) : .milliseconds(10), on: manual)
            }
        }
        #expect(known.begun.withLock { $0[2] } == start.advanced(by: .milliseconds(200)))
    }

    @Test func losersThatWereCutOffKeepTheQuantileFromFalling() throws {
        let manual = manual
        let latency = try LatencyTracker(capacity: 20, leastSamples: 10)
        for _ in 0..<20 { latency.record(.seconds(2)) }
        let retrier = try retrier(.quantile(permille: 500, minimum: .milliseconds(1)), latency: latency)
        for _ in 0..<20 {
            let journal = Journal()
            _ = try quiet.run {
                try await retrier.run {
                    try await journal.call($0, $0.number == 1 ? .seconds(50) : .milliseconds(1), on: manual)
                }
            }
        }
        // Only winners counted, all of 1 ms, every call would soon be hedged at once.
        let quantile = try #require(latency.quantile(permille: 600))
        #expect(quantile >= .seconds(2))
    }

    @Test func hedgingIsForReadsOnly() throws {
        let policy = try ConcurrentRetryPolicy(hedging: Hedging())
        for effect in OperationEffect.allCases where effect != .read {
            let error = #expect(throws: InvalidFields.self) { _ = try ConcurrentRetrier(policy, effect: effect) }
            #expect(error?.fields.map(\.name) == ["effect"])
        }
    }

    @Test func abandonedAndHedgedTogetherLeaveTheLosersBehindCounted() throws {
        let gate = Gate()
        let retrier = try retrier(timeout: .abandoning(.seconds(50)))
        let value = try quiet.run {
            try await retrier.run { attempt in attempt.number == 1 ? await gate.wait() : attempt.number }
        }
        #expect(value == 2)
        #expect(retrier.abandoned.running == 1)
        gate.open(with: 1)
        quiet.drain()
        #expect(retrier.abandoned.running == 0)
    }

    /// Without the slow ones the tracker would only ever fall, and everything would be hedged at once.
    @Test func aFirstCallThatTimedOutIsMeasuredAsLongAsItRan() throws {
        let journal = Journal()
        let manual = manual
        let latency = try LatencyTracker(capacity: 4, leastSamples: 1)
        let retrier = try retrier(
            .fixed(.seconds(1)), attempts: 2, timeout: .cooperative(.seconds(5)), latency: latency)
        #expect(throws: BackoffExhausted.self) {
            try quiet.run { try await retrier.run { try await journal.call($0, .seconds(100), on: manual) } }
        }
        #expect(latency.quantile(permille: 1) == .seconds(5))
        #expect(latency.quantile(permille: 1_000) == .seconds(5))
    }

    @Test func aQuantileWithoutATrackerIsRefusedWhereNobodyKeepsOne() async throws {
        let policy = try ConcurrentRetryPolicy(hedging: Hedging())
        let calls = Lock(0)
        let error = await #expect(throws: InvalidFields.self) {
            try await retry(policy, effect: .read) { _ in calls.withLock { $0 += 1 } }
        }
        #expect(error?.fields.map(\.name) == ["latency"])
        #expect(calls.withLock { $0 } == 0)
        try await retry(policy, effect: .read, latency: LatencyTracker()) { _ in calls.withLock { $0 += 1 } }
        try await retry(
            ConcurrentRetryPolicy(hedging: Hedging(after: .fixed(.seconds(3_600)))), effect: .read
        ) { _ in calls.withLock { $0 += 1 } }
        #expect(calls.withLock { $0 } == 2)
    }
}
