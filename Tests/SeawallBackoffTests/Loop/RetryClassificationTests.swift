import SeawallTime
import Testing

@testable import SeawallBackoff

/// What is repeated, what is given back, and what the caller is told.
@Suite struct RetryClassificationTests {
    private let time = JumpingTime()

    private func calls(
        _ effect: OperationEffect, budget: RetryBudget? = nil,
        classify: (any Error) -> RetryDecision = { RetryDecision.cautious($0) }
    ) async -> Int {
        var calls = 0
        _ = try? await retry(
            .cex, environment: .jumping(time), effect: effect, budget: budget, classify: classify
        ) {
            calls += 1
            throw Trouble(number: calls)
        }
        return calls
    }

    @Test func anAmbiguousFailureIsRepeatedOnlyWhereTheOperationIsIdempotent() async {
        for effect in OperationEffect.allCases {
            let expected = effect == .create ? 1 : 3
            #expect(await calls(effect) == expected, "\(effect)")
            #expect(await calls(effect, classify: { _ in .retryIfIdempotent }) == expected, "\(effect)")
            #expect(await calls(effect, classify: { _ in .retryAfter(.zero, as: .ambiguous) }) == expected)
            #expect(await calls(effect, classify: { _ in .retry }) == 3, "\(effect)")
        }
    }

    @Test func anUndeclaredOperationThatFailsAmbiguouslyGetsItsOwnErrorBack() async {
        await #expect(throws: Trouble(number: 7)) {
            try await retry(environment: .jumping(time)) { throw Trouble(number: 7) }
        }
        #expect(time.sleeps.isEmpty)
    }

    @Test func aRetryWithinARetryDoesNotMultiplyTheCalls() async throws {
        var calls = 0
        let environment = RuntimeEnvironment.jumping(time)
        await #expect(throws: BackoffExhausted.self) {
            try await retry(.cex, environment: environment, effect: .read) {
                try await retry(.cex, environment: environment, effect: .read) {
                    calls += 1
                    throw Trouble(number: calls)
                }
            }
        }
        #expect(calls == 3)
    }

    @Test func aRetryAfterIsUnderstoodInAllItsForms() async throws {
        // Manual civil time is 2024-01-01T00:00:00Z at the origin.
        let forms: [(RetryDecision, Int64)] = [
            (.retryAfter(.seconds(7)), 7),
            (.retryAfter(until: MonotonicInstant(nanoseconds: 7_000_000_000)), 7),
            (.retryAfter(try #require(RetryAfter("7"))), 7),
            (.retryAfter(try #require(RetryAfter("Mon, 01 Jan 2024 00:00:07 GMT"))), 7),
            (.retryAfter(try #require(RetryAfter("1704067207000"))), 7),
            // The server's clock is five seconds behind ours: its date lies five seconds further off.
            (
                .retryAfter(
                    try #require(RetryAfter("Mon, 01 Jan 2024 00:00:07 GMT")),
                    serverTime: CivilInstant(millisecondsSinceEpoch: 1_704_067_195_000)), 12
            ),
            (.retryAfter(.seconds(-7)), 0),
        ]
        let policy = try RetryPolicy(maximumAttempts: 2, backoff: .constant(.zero))
        for (decision, seconds) in forms {
            let manual = ManualTime()
            let environment = RuntimeEnvironment(time: manual)
            var begun: [MonotonicInstant] = []
            try await manual.runAdvancing {
                try await retry(policy, environment: environment, classify: { _ in decision }) { attempt in
                    begun.append(manual.now)
                    if attempt.number == 1 { throw Trouble(number: 1) }
                }
            }
            #expect(begun == [.origin, MonotonicInstant(nanoseconds: seconds * 1_000_000_000)])
        }
    }

    @Test func aWaitLongerThanThePolicyAllowsEndsTheRetryInsteadOfBeingShortened() async throws {
        let policy = try RetryPolicy(longestRetryAfter: .seconds(60), backoff: .constant(.zero))
        for (seconds, expected) in [(60, nil), (61, BackoffExhausted.Reason.retryAfter)] {
            let time = JumpingTime()
            var reason: BackoffExhausted.Reason?
            do {
                try await retry(policy, environment: .jumping(time), classify: { _ in .retryAfter(.seconds(seconds)) })
                {
                    if $0.number == 1 { throw Trouble(number: 1) }
                }
            } catch let error as BackoffExhausted {
                reason = error.reason
            }
            #expect(reason == expected)
            #expect(time.sleeps == (expected == nil ? [.seconds(60)] : []))
        }
    }

    @Test func observersHearAttemptDelayErrorAndReason() async throws {
        var events: [RetryEvent] = []
        let policy = try RetryPolicy(backoff: .constant(.seconds(2)))
        try await retry(
            policy, environment: .jumping(time),
            classify: { ($0 as? Trouble)?.number == 1 ? .retry : .retryAfter(.seconds(9)) },
            onRetry: { events.append($0) }
        ) {
            if $0.number < 3 { throw Trouble(number: $0.number) }
        }
        #expect(events.map(\.attempt) == [1, 2])
        #expect(events.map(\.delay) == [.seconds(2), .seconds(9)])
        #expect(events.map(\.reason) == [.backoff, .retryAfter])
        #expect(events.map { ($0.error as? Trouble)?.number } == [1, 2])
    }

    @Test func theErrorOfExhaustionCarriesTheHistory() async throws {
        let policy = try RetryPolicy(maximumAttempts: 3, backoff: .constant(.seconds(2)))
        let error = await #expect(throws: BackoffExhausted.self) {
            try await retry(policy, environment: .jumping(time), classify: { _ in .retry(as: .throttled) }) {
                time.pass(.seconds(1))
                throw Trouble(number: $0.number)
            }
        }
        let history = try #require(error?.history)
        #expect(history.map(\.number) == [1, 2, 3])
        #expect(history.map { ($0.error as? Trouble)?.number } == [1, 2, 3])
        #expect(history.map(\.failure) == [.throttled, .throttled, .throttled])
        #expect(history.map(\.delay) == [.seconds(2), .seconds(2), nil])
        #expect(history.map(\.failedAt.nanoseconds) == [1_000_000_000, 4_000_000_000, 7_000_000_000])
    }

    @Test func aRetryWithoutEndKeepsOnlyTheLastOfItsHistory() async throws {
        let policy = try RetryPolicy(
            maximumAttempts: .max, elapsedBudget: .seconds(1_000), backoff: .constant(.seconds(1)))
        let error = await #expect(throws: BackoffExhausted.self) {
            try await retry(policy, environment: .jumping(time), classify: { _ in .retry }) {
                throw Trouble(number: $0.number)
            }
        }
        #expect(error?.attempts == 1_000)
        #expect(error?.history.map(\.number) == Array(969...1_000))
    }

    @Test func aFallbackIsToldWhyAndMayAnswer() async throws {
        var why: BackoffExhausted?
        let value = try await retry(
            .cex, environment: .jumping(time), effect: .read,
            fallback: {
                why = $0
                return 42
            }, operation: { attempt -> Int in throw Trouble(number: attempt.number) })
        #expect(value == 42)
        #expect(why?.reason == .attempts)
        #expect(why?.attempts == 3)
        #expect(why?.lastError as? Trouble == Trouble(number: 3))
    }

    @Test func aFallbackWithoutAnAnswerLeavesTheReason() async {
        await #expect(throws: BackoffExhausted.self) {
            let _: Int = try await retry(
                .cex, environment: .jumping(time), effect: .read, fallback: { _ in nil },
                operation: { throw Trouble(number: $0.number) })
        }
    }

    @Test func aFallbackDoesNotHideWhatWasToStop() async {
        await #expect(throws: Trouble(number: 1)) {
            let _: Int = try await retry(
                environment: .jumping(time), effect: .read, classify: { _ in .stop }, fallback: { _ in 42 },
                operation: { throw Trouble(number: $0.number) })
        }
    }

    @Test func nothingCreatesThroughAFallback() async {
        for effect in [OperationEffect.create, .keyedCreate] {
            var calls = 0
            let error = await #expect(throws: InvalidFields.self) {
                try await retry(
                    environment: .jumping(time), effect: effect, fallback: { _ in 42 },
                    operation: { () -> Int in
                        calls += 1
                        return calls
                    })
            }
            #expect(error?.fields.map(\.name) == ["fallback"])
            #expect(calls == 0)
        }
    }

    @Test func aRetrierRunsAndWraps() async throws {
        let retrier = Retrier(.cex, effect: .read, environment: .jumping(time))
        var calls = 0
        let value = try await retrier.run {
            calls += 1
            if calls < 3 { throw Trouble(number: calls) }
            return calls
        }
        #expect(value == 3)
        var arguments: [Int] = []
        let doubled = retrier.wrap { (number: Int) in
            arguments.append(number)
            if arguments.count < 2 { throw Trouble(number: number) }
            return number * 2
        }
        #expect(try await doubled(21) == 42)
        #expect(arguments == [21, 21])
        let bare = retrier.wrap { calls }
        #expect(try await bare() == 3)
    }

    @Test func theSynchronousFormDoesTheSame() throws {
        var waits: [Duration] = []
        let policy = try RetryPolicy(maximumAttempts: 4, backoff: .exponential(jitter: .none))
        let error = #expect(throws: BackoffExhausted.self) {
            try retry(
                policy, environment: .jumping(time), effect: .read, wait: { waits.append($0) },
                operation: { throw Trouble(number: $0.number) })
        }
        #expect(error?.attempts == 4)
        #expect(waits == [.seconds(1), .seconds(2), .seconds(4)])
        #expect(throws: Trouble(number: 1)) {
            try retry(
                policy, environment: .jumping(time), wait: { _ in }, operation: { throw Trouble(number: $0.number) })
        }
        let value = try retry(policy, effect: .read, wait: { _ in Issue.record("it succeeds") }, operation: \.number)
        #expect(value == 1)
        #expect(throws: CancellationError.self) {
            try retry(
                policy, environment: .jumping(time), effect: .read, wait: { _ in throw CancellationError() },
                operation: { throw Trouble(number: $0.number) })
        }
    }

    @Test func typedErrorsPassThroughUntyped() async {
        await #expect(throws: Trouble(number: 4)) {
            try await retry(environment: .jumping(time)) { () async throws(Trouble) in throw Trouble(number: 4) }
        }
    }
}
