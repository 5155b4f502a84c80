import SeawallTime
import Testing

@testable import SeawallBackoff

/// A budget that one form of retry silently left out would bound nothing.
@Suite struct RetryBudgetFormsTests {
    private let time = JumpingTime()

    private func empty() throws -> RetryBudget {
        var configuration = RetryBudgetConfiguration()
        configuration.capacity = 14
        let budget = try RetryBudget(configuration: configuration)
        #expect(budget.withdraw(.repeat(.transient)) == 14)
        return budget
    }

    @Test(arguments: RetryForm.allCases) func everyRepeatIsPaidByItsFailure(form: RetryForm) async throws {
        for (failure, cost) in [(FailureClass.transient, 14), (.throttled, 5), (.ambiguous, 14)] {
            let budget = try RetryBudget()
            let error = await #expect(throws: BackoffExhausted.self) {
                try await form.call(
                    .cex, time: time, budget: budget, classify: { _ in .retry(as: failure) },
                    operation: { throw Trouble(number: $0) })
            }
            #expect(error?.attempts == 3)
            #expect(budget.tokens == 500 - 2 * cost)
        }
    }

    @Test(arguments: RetryForm.allCases) func aSuccessAfterRepeatsRefundsTheLastOfThem(form: RetryForm) async throws {
        let budget = try RetryBudget()
        try await form.call(.cex, time: time, budget: budget, classify: { _ in .retry }) { number in
            if number < 3 { throw Trouble(number: number) }
        }
        #expect(budget.tokens == 500 - 14)
    }

    @Test(arguments: RetryForm.allCases) func aSuccessAtOnceBringsAToken(form: RetryForm) async throws {
        let budget = try empty()
        for _ in 0..<3 { try await form.call(.cex, time: time, budget: budget, classify: { _ in .retry }) { _ in } }
        #expect(budget.tokens == 3)
    }

    /// Whoever counts sleeps, or logs them, would see a call that takes seconds and nothing that tells why.
    @Test(arguments: RetryForm.allCases) func theSleepOfAnEmptyBudgetIsTold(form: RetryForm) async throws {
        let budget = try empty()
        let policy = try RetryPolicy(backoff: .constant(.seconds(3)))
        let events = Lock([RetryEvent]())
        let toldAt = Lock([MonotonicInstant]())
        let error = await #expect(throws: BackoffExhausted.self) {
            try await form.call(
                policy, time: time, budget: budget, classify: { _ in .retry(as: .transient) },
                onRetry: { event in
                    events.withLock { $0.append(event) }
                    toldAt.withLock { [time] in $0.append(time.now) }
                },
                operation: { throw Trouble(number: $0) })
        }
        #expect(error?.reason == .budget)
        #expect(error?.attempts == 1)
        #expect(error?.history.map(\.delay) == [.seconds(3)])
        #expect(time.sleeps == [.seconds(3)])
        let told = events.withLock { $0 }
        #expect(told.map(\.reason) == [.budget])
        #expect(told.map(\.attempt) == [1])
        #expect(told.map(\.delay) == [.seconds(3)])
        #expect(told.map { $0.error as? Trouble } == [Trouble(number: 1)])
        #expect(told.map(\.resumesAt) == [MonotonicInstant(nanoseconds: 3_000_000_000)])
        #expect(toldAt.withLock { $0 } == [.origin])
        #expect(budget.refusals == 1)
    }

    @Test func theCopiesOfARetrierDrawOnOneBudget() async throws {
        var configuration = RetryBudgetConfiguration()
        configuration.capacity = 28
        let budget = try RetryBudget(configuration: configuration)
        let retrier = Retrier(
            .cex, effect: .read, environment: .jumping(time), budget: budget, classify: { _ in .retry })
        let copy = retrier
        let wrapped = copy.wrap { () async throws -> Void in throw Trouble(number: 0) }
        let first = await #expect(throws: BackoffExhausted.self) { try await wrapped() }
        #expect(first?.reason == .attempts)
        #expect(budget.tokens == 0)
        let second = await #expect(throws: BackoffExhausted.self) {
            try await retrier.run { () async throws -> Void in throw Trouble(number: 0) }
        }
        #expect(second?.reason == .budget)
    }

    /// A deadline, an elapsed budget, a tracker or a fallback leads past the quick way of a first-time success.
    @Test func theWaysThatNeedMoreThanTheCallDepositToo() async throws {
        let budget = try empty()
        let elapsed = Retrier(
            try RetryPolicy(elapsedBudget: .seconds(60)), effect: .read, environment: .jumping(time), budget: budget)
        try await elapsed.run { () async throws in }
        #expect(budget.tokens == 1)
        let tracked = Retrier(effect: .read, environment: .jumping(time), budget: budget, latency: try LatencyTracker())
        try await tracked.run { () async throws in }
        #expect(budget.tokens == 2)
        let plain = Retrier(effect: .read, environment: .jumping(time), budget: budget)
        try await plain.run(deadline: time.now.advanced(by: .seconds(9))) { () async throws in }
        #expect(budget.tokens == 3)
        try await plain.run(fallback: { _ in () }) { () async throws in }
        #expect(budget.tokens == 4)
        #expect(tracked.latency?.quantile(permille: 500) == nil)
    }
}
