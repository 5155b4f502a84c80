import SeawallTime
import Testing

@testable import SeawallBackoff

@Suite(.timeLimit(.minutes(10))) struct RetryTests {
    private let time = JumpingTime()

    private func exhaustion(_ body: () async throws -> Void) async -> BackoffExhausted? {
        do {
            try await body()
        } catch let error as BackoffExhausted {
            return error
        } catch {
            Issue.record("another error: \(error)")
        }
        return nil
    }

    @Test func fiveAttemptsSleepFourTimes() async throws {
        let policy = try RetryPolicy(backoff: .exponential(jitter: .none))
        var calls: [Int] = []
        var events: [RetryEvent] = []
        let error = await exhaustion {
            try await retry(
                policy, environment: .jumping(time), classify: { _ in .retry }, onRetry: { events.append($0) }
            ) { attempt in
                calls.append(attempt.number)
                throw Trouble(number: attempt.number)
            }
        }
        #expect(calls == [1, 2, 3, 4, 5])
        #expect(time.sleeps == [.seconds(1), .seconds(2), .seconds(4), .seconds(8)])
        #expect(events.map(\.attempt) == [1, 2, 3, 4])
        #expect(events.map(\.delay) == time.sleeps)
        #expect(events.compactMap { $0.error as? Trouble }.map(\.number) == [1, 2, 3, 4])
        #expect(events.last?.resumesAt == MonotonicInstant(nanoseconds: 15_000_000_000))
        #expect(error?.reason == .attempts)
        #expect(error?.attempts == 5)
        #expect(error?.lastError as? Trouble == Trouble(number: 5))
    }

    @Test func aFirstSuccessReadsNoClockAndDrawsNothing() async throws {
        let value = try await retry(environment: .jumping(time), classify: { _ in .stop }) { $0.number * 7 }
        #expect(value == 7)
        #expect(time.readings == 0)
    }

    @Test func aLaterSuccessIsReturned() async throws {
        let value = try await retry(.cex, environment: .jumping(time), classify: { _ in .retry }) { attempt in
            if attempt.number < 3 { throw Trouble(number: attempt.number) }
            return "well"
        }
        #expect(value == "well")
        #expect(time.sleeps.count == 2)
    }

    @Test func stopGivesTheErrorBackAsItWasThrown() async {
        await #expect(throws: Trouble(number: 2)) {
            try await retry(
                environment: .jumping(time),
                classify: { $0 as? Trouble == Trouble(number: 2) ? .stop : .retry },
                operation: { throw Trouble(number: $0.number) })
        }
        #expect(time.sleeps.count == 1)
    }

    @Test func aPassedDeadlineBeginsNoCall() async {
        time.pass(.seconds(5))
        var calls = 0
        let error = await exhaustion {
            try await retry(
                environment: .jumping(time), deadline: MonotonicInstant(nanoseconds: 5_000_000_000),
                classify: { _ in .retry }, operation: { _ in calls += 1 })
        }
        #expect(calls == 0)
        #expect(error?.reason == .deadline)
        #expect(error?.attempts == 0)
        #expect(error?.lastError == nil)
    }

    @Test func noSleepIsBegunThatWouldReachTheDeadline() async throws {
        let policy = try RetryPolicy(maximumAttempts: 10, backoff: .constant(.seconds(2)))
        let error = await exhaustion {
            try await retry(
                policy, environment: .jumping(time), deadline: MonotonicInstant(nanoseconds: 6_000_000_000),
                classify: { _ in .retry }, operation: { throw Trouble(number: $0.number) })
        }
        #expect(time.sleeps == [.seconds(2), .seconds(2)])
        #expect(error?.reason == .deadline)
        #expect(error?.attempts == 3)
    }

    @Test func timeSpentInCallsCountsAgainstTheBudget() async throws {
        let policy = try RetryPolicy(
            maximumAttempts: 10, elapsedBudget: .seconds(10), backoff: .constant(.seconds(1)))
        let error = await exhaustion {
            try await retry(policy, environment: .jumping(time), classify: { _ in .retry }) { attempt in
                time.pass(.seconds(4))
                throw Trouble(number: attempt.number)
            }
        }
        #expect(error?.reason == .elapsed)
        #expect(error?.attempts == 2)
        #expect(time.now == MonotonicInstant(nanoseconds: 9_000_000_000))
    }

    @Test func aSleeperThatWakesPastTheDeadlineBeginsNoCall() async throws {
        let policy = try RetryPolicy(backoff: .constant(.seconds(1)))
        time.wakeLate(by: .seconds(60))
        let error = await exhaustion {
            try await retry(
                policy, environment: .jumping(time), deadline: MonotonicInstant(nanoseconds: 10_000_000_000),
                classify: { _ in .retry }, operation: { throw Trouble(number: $0.number) })
        }
        #expect(error?.attempts == 1)
        #expect(error?.reason == .deadline)
        #expect(error?.lastError as? Trouble == Trouble(number: 1))
    }

    @Test func aRetryAfterIsNeverShortened() async throws {
        for seed in UInt64(0)..<50 {
            let time = JumpingTime()
            let until = MonotonicInstant(nanoseconds: 300_000_000_000)
            var begun: [MonotonicInstant] = []
            try await retry(
                .cex, environment: .jumping(time, seed: seed), classify: { _ in .retryAfter(until: until) }
            ) { attempt in
                begun.append(time.now)
                if attempt.number == 1 { throw Trouble(number: 1) }
            }
            #expect(begun.count == 2)
            #expect(begun[1] >= until)
            #expect(begun[1] <= until.advanced(by: .milliseconds(500)))
        }
    }

    @Test func aRetryAfterPastTheDeadlineEndsTheRetryWithoutSleeping() async {
        let until = MonotonicInstant(nanoseconds: 300_000_000_000)
        let error = await exhaustion {
            try await retry(
                environment: .jumping(time), deadline: until, classify: { _ in .retryAfter(until: until) },
                operation: { throw Trouble(number: $0.number) })
        }
        #expect(error?.reason == .deadline)
        #expect(error?.attempts == 1)
        #expect(time.sleeps.isEmpty)
    }

    @Test func cancellationThrownByTheCallIsNeverRetried() async {
        await #expect(throws: CancellationError.self) {
            try await retry(
                environment: .jumping(time),
                classify: { _ in
                    Issue.record("cancellation was classified")
                    return .retry
                }, operation: { _ in throw CancellationError() })
        }
        #expect(time.sleeps.isEmpty)
    }

    @Test func aCallThatFailsAfterItsTaskWasCancelledIsNotRetried() async {
        let environment = RuntimeEnvironment.jumping(time)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await retry(
                environment: environment, classify: { _ in .retry }, operation: { throw Trouble(number: $0.number) })
        }
        await #expect(throws: Trouble(number: 1)) { try await task.value }
        #expect(time.sleeps.isEmpty)
    }

    @Test func cancellationEndsASleepAtOnce() async {
        let manual = ManualTime()
        let environment = RuntimeEnvironment(time: manual)
        let task = Task {
            try await retry(
                environment: environment, classify: { _ in .retry }, operation: { throw Trouble(number: $0.number) })
        }
        await manual.waitForSleepers()
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(manual.sleeperCount == 0)
    }

    @Test func theErrorOfExhaustionSaysWhyAndCarriesTheCause() {
        let error = BackoffExhausted(reason: .attempts, attempts: 3, lastError: Trouble(number: 9))
        #expect(error.description == "retry ended by its attempts after 3 calls; last error: Trouble(number: 9)")
    }
}
