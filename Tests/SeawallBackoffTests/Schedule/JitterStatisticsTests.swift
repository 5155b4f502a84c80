import SeawallTime
import Testing

@testable import SeawallBackoff

/// Every kind of jitter is uniform over its range, judged by a histogram of its own draws.
@Suite struct JitterStatisticsTests {
    private static let draws = 20_000
    private static let bins = 20
    // With 19 degrees of freedom a uniform source exceeds this once in 100,000 histograms; the seeds are fixed.
    private static let bound = 55.0

    /// How far a histogram of values in 0 ..< 1 is from level.
    private func chiSquare(_ positions: [Double]) -> Double {
        var counts = [Int](repeating: 0, count: Self.bins)
        for position in positions { counts[min(max(Int(position * Double(Self.bins)), 0), Self.bins - 1)] += 1 }
        let expected = Double(positions.count) / Double(Self.bins)
        return counts.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
    }

    /// Where a delay lies between the ends of its range.
    private func position(_ delay: Duration, _ low: Duration, _ high: Duration) -> Double {
        Double((delay - low).wholeNanoseconds) / Double((high - low).wholeNanoseconds + 1)
    }

    @Test(arguments: [
        (Jitter.full, 0.0, 1.0), (.equal, 0.5, 1.0), (.proportional(0.25), 0.75, 1.25), (.proportional(1), 0, 2),
    ])
    func aDelayIsUniformOverItsRangeUnderAndAtTheCap(jitter: Jitter, low: Double, high: Double) throws {
        let policy = try BackoffPolicy.exponential(initial: .seconds(1), cap: .seconds(60), jitter: jitter)
        for attempt in [1, 4, 40] {
            var generator = SeededGenerator(seed: 11, stream: "statistics \(jitter) \(attempt)")
            let base = policy.delayBeforeJitter(afterAttempt: attempt).secondsDouble
            let lowest = Duration.nanoseconds(Int64(base * low * 1e9))
            let highest = min(Duration.nanoseconds(Int64(base * high * 1e9)), .seconds(60))
            let positions = (0..<Self.draws).map { _ in
                position(policy.delay(afterAttempt: attempt, random: generator.next()), lowest, highest)
            }
            #expect(chiSquare(positions) < Self.bound, "\(jitter) after attempt \(attempt)")
        }
    }

    @Test func decorrelatedIsUniformUpToThreeTimesTheDelayBefore() throws {
        let policy = try BackoffPolicy.exponential(initial: .seconds(1), cap: .seconds(60), jitter: .decorrelated)
        var delays = policy.delays(random: SeededRandom(seed: 12, stream: "decorrelated"))
        var previous = Duration.seconds(1)
        var positions: [Double] = []
        for _ in 0..<Self.draws {
            let next = delays.next()
            let delay = try #require(next)
            positions.append(position(delay, .seconds(1), min(previous * 3, .seconds(60))))
            previous = delay
        }
        #expect(chiSquare(positions) < Self.bound)
    }

    @Test func noneDrawsNothing() throws {
        let policy = try BackoffPolicy.exponential(jitter: .none)
        let random = CountingRandom()
        var delays = policy.delays(random: random)
        for _ in 0..<10 { _ = delays.next() }
        #expect(random.draws == 0)
        var others = try BackoffPolicy.exponential(jitter: .full).delays(random: random)
        for _ in 0..<10 { _ = others.next() }
        #expect(random.draws == 10)
    }

    @Test func theHistogramTellsAClampedJitterFromAUniformOne() {
        // What jitter that is cut off after the draw looks like: half of all delays are the cap itself.
        var generator = SeededGenerator(seed: 13, stream: "clamped")
        let clamped = (0..<Self.draws).map { _ in min(generator.unit() * 2, 0.999) }
        #expect(chiSquare(clamped) > 1_000)
    }

    @Test func aServersWaitIsLiftedUniformlyAndNeverShortened() throws {
        let policy = try RetryPolicy(maximumAttempts: .max, backoff: .exponential(initial: .seconds(2)))
        let until = MonotonicInstant.origin.advanced(by: .seconds(100))
        var generator = SeededGenerator(seed: 14, stream: "server")
        let positions = (0..<Self.draws).map { _ -> Double in
            var state = RetryState(policy: policy, effect: .read, now: .origin, deadline: nil)
            _ = state.begin(now: .origin)
            let step = state.afterFailure(
                .repeat(.throttled, notBefore: until), now: .origin, random: generator.next())
            guard case .sleep(let wake, _) = step else { return -1 }
            return position(.nanoseconds(wake.nanoseconds), .seconds(100), .seconds(102))
        }
        #expect(positions.allSatisfy { $0 >= 0 && $0 < 1 })
        #expect(chiSquare(positions) < Self.bound)
    }
}
