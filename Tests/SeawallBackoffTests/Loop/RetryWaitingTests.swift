import SeawallTime
import Testing

@testable import SeawallBackoff

/// The synchronous form, before waits that do not keep what they promise.
@Suite(.timeLimit(.minutes(10))) struct RetryWaitingTests {
    private let time = JumpingTime()

    private func instant(_ nanoseconds: Int64) -> MonotonicInstant { MonotonicInstant(nanoseconds: nanoseconds) }

    @Test func aWaitThatComesBackEarlyIsGoneOnWith() throws {
        let policy = try RetryPolicy(backoff: .constant(.nanoseconds(1_000)))
        var waits: [Duration] = []
        var begun: [MonotonicInstant] = []
        try retry(
            policy, environment: .jumping(time), effect: .read,
            wait: { duration in
                waits.append(duration)
                time.pass(.nanoseconds(max(1, duration.wholeNanoseconds * 3 / 4)))
            },
            operation: { attempt in
                begun.append(time.now)
                if attempt.number < 3 { throw Trouble(number: attempt.number) }
            })
        #expect(begun == [.origin, instant(1_000), instant(2_000)])
        #expect(waits.first == .nanoseconds(1_000))
        #expect(waits.dropFirst().first == .nanoseconds(250))
    }

    @Test func aServersInstantIsNotUndercutByAWaitThatEndsEarly() throws {
        for seed in UInt64(0)..<50 {
            let time = JumpingTime()
            let until = instant(300_000_000_000)
            var begun: [MonotonicInstant] = []
            try retry(
                .cex, environment: .jumping(time, seed: seed), classify: { _ in .retryAfter(until: until) },
                wait: { time.pass(.nanoseconds(max(1, $0.wholeNanoseconds / 2))) },
                operation: { attempt in
                    begun.append(time.now)
                    if attempt.number == 1 { throw Trouble(number: 1) }
                })
            #expect(begun.count == 2)
            #expect(begun[1] >= until)
        }
    }

    @Test func aWaitThatLastsTooLongIsNotMadeUpFor() throws {
        let policy = try RetryPolicy(backoff: .constant(.seconds(1)))
        var waits: [Duration] = []
        let value = try retry(
            policy, environment: .jumping(time), effect: .read,
            wait: { duration in
                waits.append(duration)
                time.pass(.seconds(7))
            },
            operation: { attempt in
                if attempt.number < 3 { throw Trouble(number: attempt.number) }
                return attempt.number
            })
        #expect(value == 3)
        #expect(waits == [.seconds(1), .seconds(1)])
    }

    @Test func aWaitOnAClockThatStandsStillIsNotAskedForAgain() throws {
        var waits = 0
        let error = #expect(throws: BackoffExhausted.self) {
            try retry(
                .cex, environment: .jumping(time), effect: .read, wait: { _ in waits += 1 },
                operation: { throw Trouble(number: $0.number) })
        }
        #expect(error?.attempts == 3)
        #expect(waits == 2)
    }

    @Test func theBackoffOfAnEmptyBudgetIsWaitedOutTo() throws {
        var configuration = RetryBudgetConfiguration()
        configuration.capacity = 14
        let budget = try RetryBudget(configuration: configuration)
        #expect(budget.withdraw(.repeat(.transient)) == 14)
        let error = #expect(throws: BackoffExhausted.self) {
            try retry(
                RetryPolicy(backoff: .constant(.seconds(4))), environment: .jumping(time), effect: .read,
                budget: budget,
                wait: { time.pass(.nanoseconds(max(1, $0.wholeNanoseconds / 2))) },
                operation: { throw Trouble(number: $0.number) })
        }
        #expect(error?.reason == .budget)
        #expect(time.now == instant(4_000_000_000))
    }

    @Test func aTaskThatIsCancelledDuringAWaitDoesNotGoOnWaiting() async throws {
        let environment = RuntimeEnvironment.jumping(time)
        let budget = try RetryBudget()
        let waits = Lock(0)
        let task = Task { [time] in
            try retry(
                .cex, environment: environment, effect: .read, budget: budget,
                wait: { _ in
                    waits.withLock { $0 += 1 }
                    time.pass(.nanoseconds(1))
                    withUnsafeCurrentTask { $0?.cancel() }
                },
                operation: { throw Trouble(number: $0.number) })
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(waits.withLock { $0 } == 1)
        // The repeat was not made and costs nothing.
        #expect(budget.tokens == 500)
    }
}
