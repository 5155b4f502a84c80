import SeawallTime
import Testing

@testable import SeawallRateLimit

/// Clocks that are set by years, and clocks that go back: nothing traps, and no window is overrun.
@Suite struct ClockStepTests {
    private static let year: Int64 = 31_557_600_000_000_000
    private static let steps: [Int64] = [-290 * year, -10 * year, -1, 0, 1, 10 * year, 250 * year, .min, .max]

    private func at(_ seconds: Int64) -> MonotonicInstant { MonotonicInstant(nanoseconds: seconds * 1_000_000_000) }

    private func configuration(_ shape: BucketConfiguration.Shape) -> RateLimiterConfiguration {
        RateLimiterConfiguration(
            lanes: ["only"],
            buckets: [
                BucketConfiguration(name: "a", limit: 10, window: .seconds(10), marginPerMille: 1_000, shape: shape)
            ])
    }

    /// Nothing that the civil clock does has any part in a limiter that nobody has told the venue's clock.
    @Test(arguments: BucketConfiguration.Shape.allCases, steps)
    func theCivilClockAloneFreesNothing(shape: BucketConfiguration.Shape, step: Int64) throws {
        let time = ManualTime()
        let limiter = try RateLimiter(
            configuration: configuration(shape), environment: RuntimeEnvironment(time: time))
        #expect(limiter.tryAcquire(["a": 10], lane: "only").grant != nil)
        time.stepCivil(by: .nanoseconds(step))
        #expect(limiter.tryAcquire(["a": 1], lane: "only").grant == nil)
        #expect(limiter.snapshot().buckets.count == 1)
        time.advance(by: .seconds(10))
        #expect(limiter.tryAcquire(["a": 10], lane: "only").grant != nil)
    }

    /// Each reading of a venue's clock takes the place of the one before: whole windows that it leaps change nothing.
    @Test(arguments: [-290 * year, -10 * year, 0, 10 * year, 200 * year].map { $0 / 10_000_000_000 * 10_000_000_000 })
    func aVenuesClockThatLeapsByWholeWindowsFreesNothing(step: Int64) throws {
        var core = try RateLimiterCore(configuration(.fixed))
        // A window has begun at 1, and ends at 11.
        let civil: Int64 = 1_700_000_000_000_000_000
        core.alignWindows(VenueClock(civil: civil, instant: at(1).nanoseconds, error: 0), now: at(1))
        #expect(core.tryAcquire(["a": 10], lane: "only", scopes: [], now: at(1)).grant != nil)
        core.alignWindows(
            VenueClock(civil: civil.addingSaturating(step) + 1_000_000_000, instant: at(2).nanoseconds, error: 0),
            now: at(2))
        #expect(core.tryAcquire(["a": 1], lane: "only", scopes: [], now: at(2)).grant == nil)
        let until = core.tryAcquire(["a": 10], lane: "only", scopes: [], now: at(2)).refusal?.until
        #expect(until == at(11))
    }

    /// A reading whose instant is years from now is too old, or too new, to know an edge by.
    @Test(arguments: [Int64.min, -10 * year, 10 * year, .max])
    func aReadingOfAnotherAgeIsARollingWindow(instant: Int64) throws {
        var core = try RateLimiterCore(configuration(.fixed))
        core.alignWindows(VenueClock(civil: 0, instant: instant, error: 0), now: at(1))
        #expect(core.tryAcquire(["a": 10], lane: "only", scopes: [], now: at(1)).grant != nil)
        #expect(core.tryAcquire(["a": 1], lane: "only", scopes: [], now: at(1)).refusal?.until == at(11))
    }

    /// The process restarts while both clocks are set, short of the ends of time: the exact snapshot frees nothing that
    /// has not had its time on each.
    @Test(arguments: steps, steps.filter { $0 > .min && $0 < .max })
    func aSnapshotFreesOnlyWhatBothClocksSayHasLeft(civilStep: Int64, monotonicStep: Int64) throws {
        let civil = CivilInstant(nanosecondsSinceEpoch: 1_700_000_000_000_000_000)
        for shape in BucketConfiguration.Shape.allCases {
            var core = try RateLimiterCore(configuration(shape))
            #expect(core.tryAcquire(["a": 10], lane: "only", scopes: [], now: at(5)).grant != nil)
            core.gate("ip", until: at(20), now: at(5))
            core.shutDown()
            let snapshot = core.snapshot(now: at(5), civilNow: civil)
            let start = at(5).nanoseconds.addingSaturating(monotonicStep)
            let now = MonotonicInstant(nanoseconds: start)
            var next = try RateLimiterCore(configuration(shape), start: now)
            let then = CivilInstant(nanosecondsSinceEpoch: civil.nanosecondsSinceEpoch.addingSaturating(civilStep))
            next.resume(snapshot, civilNow: then)
            // A monotonic clock that is behind has begun anew: then the civil one is all that there is.
            let hasLeft = civilStep > 10_000_000_000 && (monotonicStep > 10_000_000_000 || monotonicStep < 0)
            let tokens = next.status(now: now).buckets[0].tokens
            #expect(tokens == (hasLeft ? 10 : 0) || shape == .decay && !hasLeft && tokens <= 1, "\(shape)")
        }
    }

    @Test(arguments: BucketConfiguration.Shape.allCases)
    func aMonotonicClockThatGoesBackMintsNothingAndEndsNothingSooner(shape: BucketConfiguration.Shape) throws {
        var core = try RateLimiterCore(configuration(shape))
        #expect(core.tryAcquire(["a": 10], lane: "only", scopes: [], now: at(100)).grant != nil)
        core.gate("ip", until: at(130), now: at(100))
        for second in [Int64(99), 50, 0, -1_000] {
            #expect(core.tryAcquire(["a": 10], lane: "only", scopes: [], now: at(second)).grant == nil)
            #expect(core.gateEnd(for: ["ip"], now: at(second)) == at(130))
            #expect(core.status(now: at(second)).buckets[0].used == 10)
            core.reportUsage(bucket: "a", used: 10, now: at(second))
        }
        for now in [MonotonicInstant(nanoseconds: .min), .origin] {
            #expect(core.tryAcquire(["a": 10], lane: "only", scopes: [], now: now).grant == nil)
        }
        #expect(core.tryAcquire(["a": 10], lane: "only", scopes: [], now: at(110)).grant != nil)
    }

    @Test(arguments: BucketConfiguration.Shape.allCases)
    func aClockThatLeapsToTheEndOfTimeTrapsNothing(shape: BucketConfiguration.Shape) throws {
        for start in [Int64.min, 0] {
            var core = try RateLimiterCore(configuration(shape), start: MonotonicInstant(nanoseconds: start))
            for now in [start, .max - 1, .max, start] {
                let instant = MonotonicInstant(nanoseconds: now)
                _ = core.tryAcquire(["a": 10], lane: "only", scopes: [], now: instant)
                _ = core.acquire(
                    ["a": 10], lane: "only", scopes: [], deadline: .distantFuture, ticket: UInt64(bitPattern: now),
                    now: instant)
                _ = core.waitTime(["a": 10], lane: "only", scopes: [], now: instant)
                core.gate("ip", until: .distantFuture, now: instant)
                core.reportUsage(bucket: "a", used: 10, now: instant)
            }
            #expect(core.status(now: .distantFuture).buckets.count == 1)
        }
    }
}
