import SeawallTime
import Testing

@testable import SeawallBackoff

/// Cancellation at each point of a retry: it is no failure, ends at once, and costs no budget.
@Suite(.timeLimit(.minutes(10))) struct RetryCancellationTests {
    private let manual = ManualTime()

    private func environment() -> RuntimeEnvironment {
        RuntimeEnvironment(time: manual, random: SeededRandom(seed: 1, stream: "cancel"))
    }

    @Test func duringTheSleepTheTokensGoBackAndNoCallFollows() async throws {
        let budget = try RetryBudget()
        let environment = environment()
        let calls = Lock(0)
        let task = Task {
            try await retry(.cex, environment: environment, effect: .read, budget: budget) {
                calls.withLock { $0 += 1 }
                throw Trouble(number: 1)
            }
        }
        await manual.waitForSleepers()
        #expect(budget.tokens == 486)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(budget.tokens == 500)
        #expect(calls.withLock { $0 } == 1)
        #expect(manual.sleeperCount == 0)
    }

    @Test func whileAnEmptyBudgetBacksOff() async throws {
        var small = RetryBudgetConfiguration()
        small.capacity = 14
        let budget = try RetryBudget(configuration: small)
        #expect(budget.withdraw(.repeat(.transient)) == 14)
        let environment = environment()
        let task = Task {
            try await retry(.cex, environment: environment, effect: .read, budget: budget) { throw Trouble(number: 1) }
        }
        await manual.waitForSleepers()
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(budget.tokens == 0)
    }

    @Test func inACallThatThrowsItsOwnErrorThatErrorComesBack() async throws {
        let budget = try RetryBudget()
        let environment = environment()
        let task = Task {
            try await retry(
                .cex, environment: environment, effect: .read, budget: budget,
                classify: { _ in
                    Issue.record("cancellation was classified")
                    return .retry
                },
                fallback: { _ in
                    Issue.record("cancellation asked the fallback")
                    return 1
                }
            ) { () async throws -> Int in
                withUnsafeCurrentTask { $0?.cancel() }
                throw Trouble(number: 8)
            }
        }
        await #expect(throws: Trouble(number: 8)) { try await task.value }
        #expect(budget.tokens == 500)
        #expect(budget.refusals == 0)
    }

    @Test func inOnRetryTheSleepDoesNotBegin() async throws {
        let environment = environment()
        let task = Task {
            try await retry(
                .cex, environment: environment, effect: .read,
                onRetry: { _ in withUnsafeCurrentTask { $0?.cancel() } }
            ) { throw Trouble(number: 1) }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(manual.sleeperCount == 0)
    }

    @Test func aSuccessOfACancelledTaskIsStillASuccess() async throws {
        let environment = environment()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await retry(.cex, environment: environment, effect: .read) { 5 }
        }
        #expect(try await task.value == 5)
    }

    @Test func aSourceOfTimeThatIgnoresCancellationDoesNotLetAnotherCallBegin() async throws {
        let environment = RuntimeEnvironment(time: DeafTime())
        let calls = Lock(0)
        let task = Task {
            try await retry(
                .cex, environment: environment, effect: .read,
                onRetry: { _ in withUnsafeCurrentTask { $0?.cancel() } }
            ) {
                calls.withLock { $0 += 1 }
                throw Trouble(number: 1)
            }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(calls.withLock { $0 } == 1)
    }

    @Test func aTimerThatIsEarlyDoesNotLetACallIntoTheServersPause() async throws {
        let early = EarlyTime()
        var begun: [MonotonicInstant] = []
        let until = MonotonicInstant(nanoseconds: 1_000_000_000)
        try await retry(
            .cex, environment: RuntimeEnvironment(time: early), effect: .read,
            classify: { _ in .retryAfter(until: until) }
        ) {
            begun.append(early.now)
            if $0.number == 1 { throw Trouble(number: 1) }
        }
        #expect(begun.count == 2)
        #expect(begun[1] >= until)
    }
}

/// A source whose sleep neither ends with cancellation nor passes time.
private struct DeafTime: TimeSource {
    var now: MonotonicInstant { .origin }
    var civilNow: CivilInstant { CivilInstant(nanosecondsSinceEpoch: 0) }
    func sleep(until deadline: MonotonicInstant) async throws {}
}

/// A source whose timer goes off when nine tenths of the wait have passed.
private final class EarlyTime: TimeSource {
    private let nanoseconds = Lock(Int64(0))

    var now: MonotonicInstant { MonotonicInstant(nanoseconds: nanoseconds.withLock { $0 }) }
    var civilNow: CivilInstant { CivilInstant(nanosecondsSinceEpoch: 0) }

    func sleep(until deadline: MonotonicInstant) async throws {
        nanoseconds.withLock { now in
            let left = deadline.nanoseconds - now
            now += left > 10 ? left - left / 10 : max(left, 0)
        }
    }
}
