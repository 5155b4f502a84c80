import SeawallTime
import Testing

@testable import SeawallBackoff

/// The edges of deadline and elapsed budget, at the exact nanosecond.
@Suite struct RetryDeadlineTests {
    private func instant(_ nanoseconds: Int64) -> MonotonicInstant { MonotonicInstant(nanoseconds: nanoseconds) }

    private func state(
        deadline: Int64? = nil, budget: Duration? = nil, need: Duration = .zero, now: Int64 = 0
    ) throws -> RetryState {
        let policy = try RetryPolicy(
            maximumAttempts: .max, elapsedBudget: budget, leastAttemptTime: need, backoff: .constant(.nanoseconds(10)))
        return RetryState(
            policy: policy, effect: .read, now: instant(now), deadline: deadline.map { instant($0) })
    }

    @Test func anAttemptBeginsOneNanosecondBeforeTheDeadlineAndNotAtIt() throws {
        for (now, refusal) in [(99, nil), (100, .deadline), (101, .deadline)] as [(Int64, BackoffExhausted.Reason?)] {
            var state = try state(deadline: 100)
            #expect(state.begin(now: instant(now)) == refusal)
        }
        for (now, refusal) in [(99, nil), (100, .elapsed), (101, .elapsed)] as [(Int64, BackoffExhausted.Reason?)] {
            var state = try state(budget: .nanoseconds(100))
            #expect(state.begin(now: instant(now)) == refusal)
        }
    }

    @Test func anAttemptThatCannotFinishBeforeTheDeadlineIsNotBegun() throws {
        // It takes 30: begun at 69 it ends at 99, begun at 70 it ends at the deadline itself.
        for (now, refusal) in [(69, nil), (70, .deadline)] as [(Int64, BackoffExhausted.Reason?)] {
            var declared = try state(deadline: 100, need: .nanoseconds(30))
            #expect(declared.begin(now: instant(now)) == refusal)
            var guessed = try state(deadline: 100)
            #expect(guessed.begin(now: instant(now), expected: .nanoseconds(30)) == refusal)
        }
    }

    @Test func noSleepIsBegunAfterWhichNothingCouldFinish() throws {
        // The sleep lasts 10: it ends at 69 or 70, and the attempt after it takes 30.
        for (now, ends) in [(59, false), (60, true)] as [(Int64, Bool)] {
            var state = try state(deadline: 100, need: .nanoseconds(30))
            #expect(state.begin(now: instant(0)) == nil)
            let step = state.afterFailure(.repeat(.transient, notBefore: nil), now: instant(now), random: 0)
            #expect((step == .exhausted(.deadline)) == ends)
        }
    }

    @Test func theServersInstantIsObeyedUpToTheLastNanosecondBeforeTheDeadline() throws {
        for (until, ends) in [(99, false), (100, true)] as [(Int64, Bool)] {
            var state = try state(deadline: 100)
            #expect(state.begin(now: instant(0)) == nil)
            let step = state.afterFailure(
                .repeat(.throttled, notBefore: instant(until)), now: instant(1), random: .max)
            #expect(step == (ends ? .exhausted(.deadline) : .sleep(until: instant(99), delay: .nanoseconds(98))))
        }
    }

    @Test func theEarlierOfTwoLimitsIsTheReason() throws {
        for (budget, reason) in [(99, .elapsed), (100, .deadline), (101, .deadline)]
            as [(Int64, BackoffExhausted.Reason)]
        {
            var state = try state(deadline: 100, budget: .nanoseconds(budget))
            #expect(state.begin(now: instant(100)) == reason)
        }
    }

    @Test func aClockThatGoesBackGivesNoTimeBack() throws {
        var state = try state(deadline: 100)
        #expect(state.begin(now: instant(90)) == nil)
        let step = state.afterFailure(.repeat(.transient, notBefore: nil), now: instant(20), random: 0)
        #expect(step == .exhausted(.deadline))
        #expect(state.begin(now: instant(.min)) == nil)
    }

    @Test func theEndsOfTheRangeOfTimeDoNotTrap() throws {
        for now in [Int64.min, -1, 0, .max] {
            for deadline in [Int64.min, -1, 0, .max] {
                for need in [Duration.zero, .seconds(Int64.max)] {
                    var state = try state(
                        deadline: deadline, budget: .seconds(Int64.max), need: need, now: now)
                    let refusal = state.begin(now: instant(now))
                    if now >= deadline { #expect(refusal != nil) }
                    let step = state.afterFailure(
                        .repeat(.throttled, notBefore: instant(.max)), now: instant(.max), random: .max)
                    #expect(step == .exhausted(step.isDeadline ? .deadline : .elapsed))
                }
            }
        }
    }

    @Test func theDeadlineIsHandedDown() async throws {
        let time = JumpingTime()
        let deadline = MonotonicInstant(nanoseconds: 60_000_000_000)
        var seen: [MonotonicInstant?] = []
        try await retry(.cex, environment: .jumping(time), deadline: deadline, effect: .read) {
            seen.append($0.deadline)
            if $0.number < 3 { throw Trouble(number: $0.number) }
        }
        #expect(seen == [deadline, deadline, deadline])
    }

    @Test func aRepeatThatByTheMedianWouldBeLateIsSkippedButAFirstCallNever() async throws {
        let time = JumpingTime()
        let latency = try LatencyTracker(capacity: 4, leastSamples: 1)
        latency.record(.seconds(30))
        let deadline = MonotonicInstant(nanoseconds: 20_000_000_000)
        let policy = try RetryPolicy(backoff: .constant(.seconds(1)))
        var calls = 0
        let error = await #expect(throws: BackoffExhausted.self) {
            try await retry(
                policy, environment: .jumping(time), deadline: deadline, effect: .read, latency: latency
            ) {
                calls += 1
                throw Trouble(number: calls)
            }
        }
        // The first call is made, or a stale guess could never be mended; it corrects the guess when it succeeds.
        #expect(calls == 1)
        #expect(error?.reason == .deadline)
        for _ in 0..<4 {
            let deadline = time.now.advanced(by: .seconds(20))
            try await retry(environment: .jumping(time), deadline: deadline, latency: latency) {
                time.pass(.seconds(2))
            }
        }
        #expect(latency.quantile(permille: 500) == .seconds(2))
    }
}

extension RetryState.Step {
    fileprivate var isDeadline: Bool { self == .exhausted(.deadline) }
}
