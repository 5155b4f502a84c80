import SeawallTime
import Testing

@testable import SeawallBackoff

@Suite struct BackoffPolicyDelayTests {
    private static let cap = Duration.seconds(60)
    private static let attempts = [1, 2, 3, 6, 7, 8, 63, 64, 65, 1_023, 1_024, 1_025, 1 << 32, Int.max - 1, Int.max]

    private func policy(_ jitter: Jitter) throws -> BackoffPolicy {
        try .exponential(initial: .seconds(1), multiplier: 2, cap: Self.cap, jitter: jitter)
    }

    /// The delay before jitter by plain multiplication, stopping at the cap.
    private func naiveBase(_ attempt: Int) -> Duration {
        var delay = Duration.seconds(1)
        var step = 1
        while step < attempt, delay < Self.cap {
            delay *= 2
            step += 1
        }
        return min(delay, Self.cap)
    }

    @Test func withoutJitterTheDelayDoublesUpToTheCap() throws {
        let policy = try policy(.none)
        for attempt in Self.attempts {
            #expect(policy.delay(afterAttempt: attempt, random: .max) == naiveBase(attempt))
        }
        #expect(policy.delay(afterAttempt: 0, random: 0) == .seconds(1))
        #expect(policy.delay(afterAttempt: .min, random: 0) == .seconds(1))
    }

    @Test(arguments: [
        (Jitter.full, 0.0, 1.0), (.equal, 0.5, 1.0), (.proportional(0.25), 0.75, 1.25), (.proportional(0), 1, 1),
        (.proportional(1), 0, 2),
    ])
    func everyKindFillsItsRangeAndNeverPassesTheCap(jitter: Jitter, low: Double, high: Double) throws {
        let policy = try policy(jitter)
        var generator = SeededGenerator(seed: 3, stream: "\(jitter)")
        for attempt in Self.attempts {
            let base = Double(naiveBase(attempt).wholeNanoseconds)
            let lowest = Duration.nanoseconds(Int64(base * low))
            let highest = min(.nanoseconds(Int64(base * high)), Self.cap)
            #expect(policy.delay(afterAttempt: attempt, random: 0) == lowest)
            #expect(policy.delay(afterAttempt: attempt, random: .max) == highest)
            var sum = 0.0
            for _ in 0..<1_000 {
                let delay = policy.delay(afterAttempt: attempt, random: generator.next())
                #expect(delay >= lowest && delay <= highest)
                sum += Double(delay.wholeNanoseconds)
            }
            // The mean of 1,000 uniform draws lies within 5 of its standard deviations, some 4.6 % of the width.
            let width = Double((highest - lowest).wholeNanoseconds)
            let middle = Double((highest + lowest).wholeNanoseconds) / 2
            #expect(abs(sum / 1_000 - middle) <= 0.046 * width)
        }
    }

    @Test func jitterSurvivesTheCap() throws {
        for jitter in [Jitter.full, .equal, .proportional(0.25), .decorrelated] {
            var delays = try policy(jitter).delays(random: SeededRandom(seed: 9, stream: "cap"))
            for _ in 0..<100 { _ = delays.next() }
            let late = (0..<200).compactMap { _ in delays.next() }
            #expect(Set(late).count > 190, "\(jitter) repeats itself at the cap")
            #expect(late.filter { $0 == Self.cap }.count < 3)
        }
    }

    @Test func decorrelatedStaysBetweenTheInitialDelayAndThreeTimesTheLast() throws {
        var delays = try policy(.decorrelated).delays(random: SeededRandom(seed: 4, stream: "decorrelated"))
        var previous = Duration.seconds(1)
        for _ in 0..<2_000 {
            let next = delays.next()
            let delay = try #require(next)
            #expect(delay >= .seconds(1))
            #expect(delay <= min(previous * 3, Self.cap))
            previous = delay
        }
    }

    @Test func hugeMultipliersAndDelaysSaturate() throws {
        let longest = Duration.seconds(Int64.max)
        let huge = try BackoffPolicy.exponential(
            initial: .nanoseconds(1), multiplier: .greatestFiniteMagnitude, cap: longest, jitter: .equal)
        for attempt in Self.attempts {
            let delay = huge.delay(afterAttempt: attempt, random: .max)
            #expect(delay == (attempt == 1 ? .nanoseconds(1) : .nanoseconds(Int64.max)))
        }
        let constant = try BackoffPolicy.constant(longest, jitter: .proportional(1))
        #expect(constant.delay(afterAttempt: .max, random: .max) == .nanoseconds(Int64.max))
        #expect(constant.delay(afterAttempt: .max, random: 0) == .zero)
    }

    @Test func theIteratorsAttemptSaturates() throws {
        var delays = try BackoffPolicy.constant(.seconds(1)).delays(random: SystemRandom())
        #expect(delays.attempt == 1)
        let first = delays.next()
        #expect(first == .seconds(1))
        #expect(delays.attempt == 2)
        delays.attempt = .max - 1
        for _ in 0..<3 {
            let delay = delays.next()
            #expect(delay == .seconds(1))
            #expect(delays.attempt == .max)
        }
        delays.reset()
        #expect(delays.attempt == 1)
    }

    @Test func aConstantDelayWithProportionalJitterGoesBothWays() throws {
        let policy = try BackoffPolicy.constant(.seconds(10), jitter: .proportional(0.25))
        #expect(policy.delay(afterAttempt: 7, random: 0) == .milliseconds(7_500))
        #expect(policy.delay(afterAttempt: 7, random: .max) == .milliseconds(12_500))
    }

    @Test func theNamedPoliciesAreThoseOfTheirSources() {
        let named: [(BackoffPolicy, RetryPolicy, Int64, Int64, Int, Jitter)] = [
            (.general, .general, 1_000, 60, 5, .full), (.cex, .cex, 500, 10, 3, .full),
            (.dex, .dex, 1_000, 30, 4, .full), (.socialAPI, .socialAPI, 2_000, 60, 3, .full),
            (.streamReconnect, .streamReconnect, 2_000, 60, 10, .proportional(0.25)),
        ]
        for (backoff, retry, initial, cap, attempts, jitter) in named {
            let growth = BackoffPolicy.Growth.exponential(
                initial: .milliseconds(initial), multiplier: 2, cap: .seconds(cap))
            #expect(backoff.growth == growth)
            #expect(backoff.jitter == jitter)
            #expect(retry.backoff == backoff)
            #expect(retry.maximumAttempts == attempts)
            #expect(retry.elapsedBudget == nil)
        }
    }
}
