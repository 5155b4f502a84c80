import SeawallTime
import Testing

@testable import SeawallBackoff

/// The core of the retry against a naive account of what may follow each failure.
@Suite struct RetryStateTests {
    private struct Tally {
        var slept = 0
        var outcomes: [BackoffExhausted.Reason: Int] = [:]
        var longestRetryAfter = 0
    }

    private func randomJitter(_ generator: inout SeededGenerator, isConstant: Bool) -> Jitter {
        switch generator.below(isConstant ? 4 : 5) {
        case 0: .none
        case 1: .full
        case 2: .equal
        case 3: .proportional(generator.unit())
        default: .decorrelated
        }
    }

    private func randomBackoff(_ generator: inout SeededGenerator) throws -> BackoffPolicy {
        let initial = generator.duration(in: .nanoseconds(1) ... .seconds(2))
        if generator.chance(0.2) {
            return try .constant(initial, jitter: randomJitter(&generator, isConstant: true))
        }
        return try .exponential(
            initial: initial, multiplier: 1 + 2 * generator.unit(),
            cap: initial + generator.duration(in: .zero ... .seconds(20)),
            jitter: randomJitter(&generator, isConstant: false))
    }

    /// The longest delay that the policy could give after `attempt`, by plain multiplication.
    private func longestDelay(_ policy: BackoffPolicy, afterAttempt attempt: Int) -> Duration {
        switch policy.growth {
        case .constant(let delay):
            return .nanoseconds(Int64((delay.secondsDouble * 2e9).rounded(.up)))
        case .exponential(let initial, let multiplier, let cap):
            if policy.jitter == .decorrelated { return cap }
            var seconds = initial.secondsDouble
            for _ in 1..<attempt { seconds *= multiplier }
            return min(.nanoseconds(Int64((seconds * 2e9).rounded(.up)) + 1), cap)
        }
    }

    @Test func everyStepObeysLimitsAndTheServersWord() throws {
        var tally = Tally()
        for seed in 0..<600 {
            var generator = SeededGenerator(seed: UInt64(seed), stream: "retry state")
            try playOut(&generator, into: &tally)
        }
        // A property that never met its case proves nothing.
        #expect(tally.slept > 500)
        #expect(tally.longestRetryAfter > 50)
        for reason in [BackoffExhausted.Reason.attempts, .elapsed, .deadline, .retryAfter] {
            #expect(tally.outcomes[reason, default: 0] > 20, "\(reason)")
        }
    }

    private func playOut(_ generator: inout SeededGenerator, into tally: inout Tally) throws {
        let maximum = 1 + Int(generator.below(12))
        let budget = generator.chance(0.5) ? generator.duration(in: .milliseconds(1) ... .seconds(20)) : nil
        let backoff = try randomBackoff(&generator)
        let longestRetryAfter = generator.chance(0.3) ? Duration.seconds(4) : nil
        let start = MonotonicInstant(nanoseconds: Int64(generator.below(1 << 40)))
        let effect = OperationEffect.allCases[Int(generator.below(4))]
        let need = generator.chance(0.3) ? generator.duration(in: .zero ... .seconds(3)) : .zero
        let deadline =
            generator.chance(0.5) ? start.advanced(by: generator.duration(in: .zero ... .seconds(20))) : nil
        let policy = try RetryPolicy(
            maximumAttempts: maximum, elapsedBudget: budget, leastAttemptTime: need,
            longestRetryAfter: longestRetryAfter, backoff: backoff)
        // An attempt must end before the deadline, but only begin within the budget.
        let lastStart = deadline.map { $0.advanced(by: .zero - need) }
        let ends = [budget.map { start.advanced(by: $0) }, lastStart].compactMap { $0 }
        var state = RetryState(policy: policy, effect: effect, now: start, deadline: deadline)
        var now = start
        var begun = 0
        while true {
            let isOver = ends.contains { now >= $0 }
            let refusal = state.begin(now: now)
            #expect((refusal != nil) == isOver)
            if refusal != nil { return }
            begun += 1
            #expect(state.attempts == begun)
            now = now.advanced(by: generator.duration(in: .zero ... .seconds(1)))
            let serverEnd = now.advanced(by: generator.duration(in: .seconds(-2) ... .seconds(8)))
            let failure = FailureClass.allCases[Int(generator.below(3))]
            let verdict: RetryState.Verdict =
                switch generator.below(20) {
                case 0: .stop
                case 1...6: .repeat(failure, notBefore: serverEnd)
                default: .repeat(failure, notBefore: nil)
                }
            let random = generator.next()
            let step = state.afterFailure(verdict, now: now, random: random)
            let mayDoHarm = failure == .ambiguous && effect == .create
            let longest = longestDelay(backoff, afterAttempt: begun)
            switch step {
            case .giveBack:
                #expect(verdict == .stop || mayDoHarm)
                return
            case .exhausted(let reason):
                tally.outcomes[reason, default: 0] += 1
                if reason == .attempts {
                    #expect(begun == maximum)
                } else if reason == .retryAfter {
                    #expect(begun < maximum)
                    #expect(verdict == .repeat(failure, notBefore: serverEnd))
                    #expect(now.duration(to: serverEnd) > .seconds(4))
                    #expect(longestRetryAfter != nil)
                } else {
                    #expect(begun < maximum)
                    // It ends early only where some wait that the policy or the server asks for meets a limit.
                    var latest = now.advanced(by: longest)
                    if case .repeat(_, let until?) = verdict { latest = max(latest, until) }
                    #expect(ends.contains { latest >= $0 })
                    let earliest = ends.min()
                    #expect((reason == .deadline) == (earliest == lastStart))
                }
                return
            case .sleep(let wake, let delay):
                #expect(begun < maximum && !mayDoHarm)
                #expect(now.duration(to: wake) == delay)
                #expect(wake >= now && ends.allSatisfy { wake < $0 })
                if case .repeat(_, let until?) = verdict {
                    #expect(wake >= until)
                    let lift = Duration.nanoseconds(backoff.initialNanoseconds)
                    #expect(wake <= max(now.advanced(by: longest), max(now, until).advanced(by: lift)))
                    if until > now { tally.longestRetryAfter += 1 }
                } else {
                    #expect(delay <= longest)
                }
                tally.slept += 1
                now = wake
            }
        }
    }

    @Test func attemptsWithoutLimitSaturateAndGoOn() throws {
        let policy = try RetryPolicy(maximumAttempts: .max, backoff: .constant(.seconds(1)))
        var state = RetryState(policy: policy, effect: .read, now: .distantFuture, deadline: nil)
        for _ in 0..<1_000 {
            #expect(state.begin(now: .distantFuture) == nil)
            let step = state.afterFailure(.repeat(.ambiguous, notBefore: nil), now: .distantFuture, random: 0)
            #expect(step == .sleep(until: .distantFuture, delay: .zero))
        }
    }

    @Test func theServersInstantIsKeptWhereOnlyItsLiftWouldPassTheDeadline() throws {
        let policy = try RetryPolicy(backoff: .exponential(initial: .seconds(10)))
        let until = MonotonicInstant.origin.advanced(by: .seconds(100))
        for (deadline, expected) in [(Int64(105), Int64(100_000_000_000)), (200, 109_999_999_999)] {
            var state = RetryState(
                policy: policy, effect: .read, now: .origin, deadline: .origin.advanced(by: .seconds(deadline)))
            #expect(state.begin(now: .origin) == nil)
            let step = state.afterFailure(.repeat(.throttled, notBefore: until), now: .origin, random: .max)
            let wake = MonotonicInstant(nanoseconds: expected)
            #expect(step == .sleep(until: wake, delay: .nanoseconds(expected)))
        }
    }
}
