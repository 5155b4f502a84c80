import SeawallTime
import Testing

@testable import SeawallBackoff

/// Both timeouts, at the exact instant, cancelled and abandoned.
@Suite(.timeLimit(.minutes(10))) struct AttemptTimeoutTests {
    private let manual: ManualTime
    private let quiet: QuietExecutor

    init() {
        manual = ManualTime()
        quiet = QuietExecutor(manual)
    }

    private func retrier(
        _ timeout: AttemptTimeout, attempts: Int = 2, spawner: TaskSpawner? = nil, effect: OperationEffect = .read,
        classify: @escaping @Sendable (any Error) -> RetryDecision = { RetryDecision.cautious($0) },
        onRetry: @escaping @Sendable (RetryEvent) -> Void = { _ in }
    ) throws -> ConcurrentRetrier {
        let policy = try ConcurrentRetryPolicy(
            RetryPolicy(maximumAttempts: attempts, backoff: .constant(.seconds(1))), attemptTimeout: timeout)
        return try ConcurrentRetrier(
            policy, effect: effect,
            environment: RuntimeEnvironment(
                time: manual, random: SeededRandom(seed: 2, stream: "timeout"),
                spawner: spawner ?? TaskSpawner(executor: quiet)),
            classify: classify, onRetry: onRetry)
    }

    @Test(arguments: [AttemptTimeout.cooperative(.seconds(5)), .abandoning(.seconds(5))])
    func anAttemptThatAnswersInTimeIsReturned(timeout: AttemptTimeout) async throws {
        let spawner = TaskSpawner()
        let retrier = try retrier(timeout, spawner: spawner)
        #expect(try await retrier.run { 7 } == 7)
        #expect(manual.sleeperCount == 0)
        #expect(spawner.liveCount == 0)
        #expect(retrier.abandoned.total == 0)
    }

    @Test(arguments: [AttemptTimeout.cooperative(.seconds(5)), .abandoning(.seconds(5))])
    func anAttemptThatTakesTooLongIsRepeated(timeout: AttemptTimeout) throws {
        let reasons = Lock([RetryEvent.Reason]())
        let retrier = try retrier(timeout, onRetry: { event in reasons.withLock { $0.append(event.reason) } })
        let manual = manual
        let value = try quiet.run {
            try await retrier.run { attempt in
                if attempt.number == 1 { try await manual.sleep(for: .seconds(60)) }
                return attempt.number
            }
        }
        #expect(value == 2)
        #expect(reasons.withLock { $0 } == [.timeout])
        #expect(retrier.abandoned.running == 0)
    }

    @Test func aTimeoutIsAmbiguousWhateverTheCallerCallsIt() throws {
        let manual = manual
        for effect in OperationEffect.allCases {
            let retrier = try retrier(.cooperative(.seconds(5)), effect: effect, classify: { _ in .retry })
            let calls = Lock(0)
            let error = #expect(throws: (any Error).self) {
                try quiet.run {
                    try await retrier.run {
                        calls.withLock { $0 += 1 }
                        try await manual.sleep(for: .seconds(60))
                    }
                }
            }
            #expect(calls.withLock { $0 } == (effect == .create ? 1 : 2), "\(effect)")
            let timedOut = error as? AttemptTimedOut ?? (error as? BackoffExhausted)?.lastError as? AttemptTimedOut
            #expect(timedOut?.timeout == .seconds(5))
            #expect(timedOut?.underlying is CancellationError)
        }
    }

    @Test func theCooperativeTimeoutWaitsForAnAttemptThatDoesNotListen() throws {
        let manual = manual
        let spawner = TaskSpawner(executor: quiet)
        let retrier = try retrier(.cooperative(.seconds(5)))
        let gate = Gate()
        let value = try quiet.run {
            spawner.spawn {
                try? await manual.sleep(for: .seconds(8))
                gate.open(with: 3)
            }
            return try await retrier.run { await gate.wait() }
        }
        // What the attempt returns after all is taken.
        #expect(value == 3)
        #expect(manual.now == .origin.advanced(by: .seconds(8)))
        #expect(retrier.abandoned.total == 0)
    }

    @Test func theAbandoningTimeoutGoesOnAndCountsWhatItLeavesBehind() throws {
        let spawner = TaskSpawner(executor: quiet)
        let retrier = try retrier(.abandoning(.seconds(5)), attempts: 3, spawner: spawner)
        let gate = Gate()
        let value = try quiet.run {
            try await retrier.run { attempt in attempt.number < 3 ? await gate.wait() : attempt.number }
        }
        #expect(value == 3)
        #expect(retrier.abandoned.running == 2)
        #expect(retrier.abandoned.total == 2)
        #expect(spawner.liveCount == 2)
        gate.open(with: 1)
        quiet.drain()
        #expect(spawner.liveCount == 0)
        #expect(retrier.abandoned.running == 0)
        #expect(retrier.abandoned.total == 2)
    }

    @Test func aCallerThatIsCancelledLeavesAHungAttemptAtOnce() async throws {
        let spawner = TaskSpawner()
        let retrier = try retrier(.abandoning(.seconds(5)), spawner: spawner)
        let gate = Gate()
        let task = Task { try await retrier.run { await gate.wait() } }
        await gate.waitForArrivals()
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(retrier.abandoned.running == 1)
        #expect(manual.sleeperCount == 0)
        gate.open(with: 1)
        await gate.waitUntilEmpty(spawner)
        #expect(retrier.abandoned.running == 0)
    }

    @Test func aCallerThatIsCancelledIsNoTimeout() async throws {
        let retrier = try retrier(
            .cooperative(.seconds(5)),
            classify: { _ in
                Issue.record("cancellation was classified")
                return .retry
            })
        let manual = manual
        let task = Task { try await retrier.run { try await manual.sleep(for: .seconds(60)) } }
        await manual.waitForSleepers(2)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(manual.sleeperCount == 0)
    }

    @Test func aSpawnerThatEndsEverythingLeavesNobodyWaiting() async throws {
        let spawner = TaskSpawner()
        let retrier = try retrier(.abandoning(.seconds(5)), spawner: spawner)
        let gate = Gate()
        let task = Task { try await retrier.run { await gate.wait() } }
        await gate.waitForArrivals()
        await manual.waitForSleepers()
        spawner.cancelAll()
        await #expect(throws: CancellationError.self) { try await task.value }
        gate.open(with: 1)
        await gate.waitUntilEmpty(spawner)
        #expect(retrier.abandoned.running == 0)
    }

    @Test(arguments: [AttemptTimeout.cooperative(.seconds(5)), .abandoning(.seconds(5))])
    func theDeadlineShortensTheTimeoutAndEndsTheRetryAtItsInstant(timeout: AttemptTimeout) throws {
        let retrier = try retrier(timeout)
        let manual = manual
        let deadline = MonotonicInstant.origin.advanced(by: .seconds(3))
        let seen = Lock([MonotonicInstant?]())
        let error = #expect(throws: BackoffExhausted.self) {
            try quiet.run {
                try await retrier.run(deadline: deadline) { attempt in
                    seen.withLock { $0.append(attempt.deadline) }
                    try await manual.sleep(for: .seconds(60))
                }
            }
        }
        #expect(error?.reason == .deadline)
        #expect(error?.attempts == 1)
        #expect((error?.lastError as? AttemptTimedOut)?.timeout == .seconds(3))
        #expect(seen.withLock { $0 } == [deadline])
    }
}
