import SeawallCircuitBreaker
import SeawallTime
import Testing

@testable import SeawallBackoff

/// Breaker, retry and timeout around one another: a server that hangs trips the breaker, and a caller who leaves does not.
@Suite struct BreakerInRetryTests {
    private let time = ManualTime()
    private let spawner = TaskSpawner()
    private let hang = Hang()

    private var environment: RuntimeEnvironment {
        RuntimeEnvironment(time: time, random: SeededRandom(seed: 1, stream: "together"), spawner: spawner)
    }

    private func breaker(failures: Int = 2) throws -> CircuitBreaker {
        try CircuitBreaker(
            name: "orders",
            configuration: CircuitBreakerConfiguration(
                consecutiveFailures: failures, openDuration: .seconds(10), openDurationGrowth: 1, openDurationJitter: 0),
            environment: environment)
    }

    private func retrier(
        _ timeout: AttemptTimeout?, attempts: Int = 1, hedging: Hedging? = nil
    ) throws -> ConcurrentRetrier {
        let policy = try ConcurrentRetryPolicy(
            RetryPolicy(maximumAttempts: attempts, backoff: .constant(.seconds(1))), attemptTimeout: timeout,
            hedging: hedging)
        return try ConcurrentRetrier(policy, effect: .read, environment: environment)
    }

    /// Waits until every task of the spawner has ended.
    private func waitUntilEmpty() async {
        while spawner.liveCount > 0 { await spawner.spawn {}.value }
    }

    private static let timeouts = [AttemptTimeout.cooperative(.seconds(5)), .abandoning(.seconds(5))]

    // Taken for the caller's own cancellation, no timeout ever counted.
    @Test(arguments: timeouts) func aServerThatHangsTripsTheBreakerInsideTheTimeout(
        timeout: AttemptTimeout
    ) async throws {
        let (hang, breaker, retrier) = (hang, try breaker(), try retrier(timeout))
        for _ in 0..<2 {
            #expect(breaker.state == .closed)
            let call = Task {
                try await retrier.run { try await breaker.run { try await hang() } }
            }
            await hang.waitForArrival()
            await time.waitForSleepers()
            time.advance(by: .seconds(5))
            await #expect(throws: BackoffExhausted.self) { try await call.value }
        }
        await waitUntilEmpty()
        #expect(breaker.state == .open)
        #expect(breaker.status.failureCount == 2)
    }

    @Test(arguments: timeouts) func aTypedCallThatHangsTripsItToo(timeout: AttemptTimeout) async throws {
        let (hang, breaker, retrier) = (hang, try breaker(failures: 1), try retrier(timeout))
        let call = Task {
            try await retrier.run {
                try await breaker.run(throwing: (any Error).self) { try await hang() }
            }
        }
        await hang.waitForArrival()
        await time.waitForSleepers()
        time.advance(by: .seconds(5))
        _ = await call.result
        await waitUntilEmpty()
        #expect(breaker.state == .open)
    }

    @Test(arguments: timeouts) func aCallerWhoLeavesSaysNothing(timeout: AttemptTimeout) async throws {
        let (hang, breaker, retrier) = (hang, try breaker(failures: 1), try retrier(timeout))
        let call = Task { try await retrier.run { try await breaker.run { try await hang() } } }
        await hang.waitForArrival()
        await time.waitForSleepers()
        call.cancel()
        await #expect(throws: CancellationError.self) { try await call.value }
        await waitUntilEmpty()
        time.advance(by: .seconds(60))
        #expect(breaker.state == .closed)
        #expect(breaker.status.failureCount == 0)
    }

    /// Were its late answer counted, a success would wipe the failure out.
    @Test func aCallLeftBehindFailsAtItsTimeAndItsLateAnswerCountsForNothing() async throws {
        let (breaker, retrier) = (try breaker(), try retrier(.abandoning(.seconds(5))))
        let (gate, opener) = AsyncStream<Void>.makeStream()
        let answer = Task<Void, Never> { for await _ in gate {} }
        let (arrivals, herald) = AsyncStream<Void>.makeStream()
        let call = Task {
            try await retrier.run {
                try await breaker.run {
                    herald.yield()
                    await answer.value
                }
            }
        }
        for await _ in arrivals { break }
        await time.waitForSleepers()
        time.advance(by: .seconds(5))
        _ = await call.result
        #expect(breaker.status.failureCount == 1)
        opener.finish()
        await waitUntilEmpty()
        #expect(breaker.status.failureCount == 1)
    }

    /// Whoever waits for its end to count it may wait for ever.
    @Test func aCallThatListensToNobodyFailsAtItsTime() async throws {
        let (breaker, retrier) = (try breaker(failures: 1), try retrier(.cooperative(.seconds(5))))
        let (opened, teller) = AsyncStream<MonotonicInstant>.makeStream()
        breaker.listen(.init(onOpen: { teller.yield($0.at) }))
        let (gate, opener) = AsyncStream<Void>.makeStream()
        let answer = Task<Int, Never> {
            for await _ in gate {}
            return 7
        }
        let (arrivals, herald) = AsyncStream<Void>.makeStream()
        let call = Task {
            try await retrier.run {
                try await breaker.run {
                    herald.yield()
                    return await answer.value
                }
            }
        }
        for await _ in arrivals { break }
        await time.waitForSleepers()
        time.advance(by: .seconds(5))
        var instants = opened.makeAsyncIterator()
        #expect(await instants.next() == time.now)
        opener.finish()
        #expect(try await call.value == 7)
        #expect(breaker.state == .open)
    }

    @Test func theTimeoutOfAnOuterAttemptIsHeardThroughAnInnerOne() async throws {
        let (hang, breaker) = (hang, try breaker(failures: 1))
        let (outer, inner) = (try retrier(.cooperative(.seconds(5))), try retrier(.cooperative(.seconds(50))))
        let call = Task {
            try await outer.run {
                try await inner.run { try await breaker.run { try await hang() } }
            }
        }
        await hang.waitForArrival()
        await time.waitForSleepers(2)
        time.advance(by: .seconds(5))
        _ = await call.result
        #expect(breaker.state == .open)
    }

    @Test func aProbeThatHangsFailsAtItsTimeoutAndNotAtItsLease() async throws {
        let (hang, breaker, retrier) = (hang, try breaker(failures: 1), try retrier(.cooperative(.seconds(5))))
        breaker.forceOpen(reason: "test")
        time.advance(by: .seconds(10))
        let call = Task { try await retrier.run { try await breaker.run { try await hang() } } }
        await hang.waitForArrival()
        await time.waitForSleepers()
        time.advance(by: .seconds(5))
        _ = await call.result
        #expect(breaker.status.state == .open)
        #expect(breaker.status.since == time.now)
    }

    // Retry outside, breaker in the middle, timeout inside: the breaker sees the error of each timeout.
    @Test func aTimeoutInsideTheBreakerIsAFailureOfEachAttempt() async throws {
        let (hang, environment, breaker) = (hang, environment, try breaker())
        let timed = try retrier(.cooperative(.seconds(5)))
        let call = Task {
            try await retry(
                RetryPolicy(maximumAttempts: 2, backoff: .constant(.seconds(1))), environment: environment,
                effect: .read, classify: { _ in .retryIfIdempotent }
            ) {
                try await breaker.run { try await timed.run { try await hang() } }
            }
        }
        // The timeout, the pause, and the timeout again.
        for pause in [5, 1, 5] {
            await time.waitForSleepers()
            time.advance(by: .seconds(pause))
        }
        await #expect(throws: BackoffExhausted.self) { try await call.value }
        #expect(breaker.state == .open)
        #expect(breaker.status.failureCount == 2)
    }

    // Breaker outside the retry: the whole of it is one call.
    @Test func aRetryInsideTheBreakerIsOneFailureForAllItsAttempts() async throws {
        let breaker = try breaker()
        await #expect(throws: BackoffExhausted.self) {
            try await breaker.run {
                try await retry(
                    RetryPolicy(maximumAttempts: 3, backoff: .constant(.nanoseconds(1))),
                    environment: RuntimeEnvironment(time: SystemTime()), effect: .read
                ) { throw Trouble() }
            }
        }
        #expect(breaker.status.failureCount == 1)
    }

    @Test func aHedgeThatLostSaysNothing() async throws {
        let (hang, breaker) = (hang, try breaker(failures: 1))
        let retrier = try retrier(
            .cooperative(.seconds(50)), attempts: 2, hedging: try Hedging(after: .fixed(.seconds(1))))
        let call = Task {
            try await retrier.run { attempt in
                try await breaker.run {
                    if attempt.number == 1 { try await hang() }
                    return attempt.number
                }
            }
        }
        await hang.waitForArrival()
        // Its timeout, and the instant of the hedge.
        await time.waitForSleepers(2)
        time.advance(by: .seconds(1))
        #expect(try await call.value == 2)
        #expect(breaker.state == .closed)
        #expect(breaker.status.failureCount == 0)
    }

    @Test func aRetryOfWhichEveryAttemptWasRefusedIsNoFailure() async throws {
        let (inner, outer) = (try breaker(), try breaker(failures: 1))
        inner.forceOpen(reason: "test")
        let environment = RuntimeEnvironment(time: time)
        for decision in [RetryDecision.retry, .stop] {
            await #expect(throws: (any Error).self) {
                try await outer.run {
                    try await retry(
                        RetryPolicy(maximumAttempts: 1), environment: environment, effect: .read,
                        classify: { _ in decision }
                    ) { try await inner.run {} }
                }
            }
            #expect(outer.status.failureCount == 0)
        }
        // The deadline has passed: there was no call at all.
        await #expect(throws: BackoffExhausted.self) {
            try await outer.run {
                try await retry(environment: environment, deadline: time.now, effect: .read) { throw Trouble() }
            }
        }
        #expect(outer.status.failureCount == 0)
    }

    @Test func aRetryThatFailedBeforeItWasRefusedIsAFailure() async throws {
        let outer = try breaker(failures: 1)
        let mixed = BackoffExhausted(
            reason: .attempts, attempts: 2, lastError: RateRefusal(),
            history: [
                FailedAttempt(number: 1, error: Trouble(), failure: .transient, failedAt: time.now),
                FailedAttempt(number: 2, error: RateRefusal(), failure: .transient, failedAt: time.now),
            ])
        await #expect(throws: BackoffExhausted.self) { try await outer.run { throw mixed } }
        #expect(outer.state == .open)
        #expect(
            CircuitBreaker.CallResult(of: BackoffExhausted(reason: .attempts, attempts: 40, lastError: RateRefusal()))
                == .failure)
    }

    private struct Trouble: Error {}

    private struct RateRefusal: CallRefusal {
        var notBefore: MonotonicInstant? { nil }
    }
}

/// A call that has no answer until it is cancelled.
private struct Hang: Sendable {
    private let arrivals: AsyncStream<Void>
    private let teller: AsyncStream<Void>.Continuation

    init() { (arrivals, teller) = AsyncStream.makeStream() }

    func callAsFunction() async throws {
        teller.yield()
        let (silence, keeper) = AsyncStream<Void>.makeStream()
        for await _ in silence {}
        keeper.finish()
        throw CancellationError()
    }

    /// Waits until somebody has come since the last time.
    func waitForArrival() async {
        for await _ in arrivals { return }
    }
}
