import SeawallTime
import Testing

@testable import SeawallRateLimit

/// Windows that begin on the venue's clock, which we know within an error.
@Suite struct FixedWindowTests {
    private static let bucket = BucketConfiguration(
        name: "a", scope: "ip", limit: 10, window: .seconds(60), marginPerMille: 1_000, shape: .fixed)

    private func core(_ bucket: BucketConfiguration = bucket, holding: Bool = true) throws -> RateLimiterCore {
        try RateLimiterCore(
            RateLimiterConfiguration(lanes: ["only"], buckets: [bucket], holdsUntilSettled: holding))
    }

    private func at(_ seconds: Double) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: Int64((seconds * 1e9).rounded()))
    }

    /// The venue's minute began 10 s after ours did.
    private func clock(error: Duration, at seconds: Double = 0) -> VenueClock {
        VenueClock(
            civil: 1_700_000_040_000_000_000 - 10_000_000_000 + Int64(seconds * 1e9), instant: at(seconds).nanoseconds,
            error: error.wholeNanoseconds)
    }

    @Test func tokensComeBackWithTheVenuesWindowOnceItsClockIsKnown() throws {
        var core = try core(holding: false)
        core.alignWindows(clock(error: .zero, at: 30), now: at(30))
        for _ in 0..<10 { #expect(core.tryAcquire(["a": 1], lane: "only", scopes: [], now: at(69)).grant != nil) }
        // A rolling window would keep them until 129.
        let refusal = try #require(core.tryAcquire(["a": 1], lane: "only", scopes: [], now: at(69.5)).refusal)
        let until = try #require(refusal.until)
        // By then the clocks may have parted by 8 ms.
        #expect(until.nanoseconds == at(70).nanoseconds + 8_000_000)
        #expect(core.tryAcquire(["a": 10], lane: "only", scopes: [], now: until).grant != nil)
    }

    @Test func whatMayHaveArrivedOnEitherSideOfAnEdgeCountsOnBoth() throws {
        var core = try core(holding: false)
        core.alignWindows(clock(error: .milliseconds(500), at: 69), now: at(69))
        let first = core.tryAcquire(["a": 1], lane: "only", scopes: [], now: at(69.4)).grant
        let second = core.tryAcquire(["a": 9], lane: "only", scopes: [], now: at(69.6)).grant
        #expect(first != nil && second != nil)
        #expect(core.tryAcquire(["a": 1], lane: "only", scopes: [], now: at(70.49)).grant == nil)
        // The first was surely before the edge, and the edge is surely past.
        #expect(core.tryAcquire(["a": 1], lane: "only", scopes: [], now: at(70.51)).grant != nil)
        #expect(core.tryAcquire(["a": 1], lane: "only", scopes: [], now: at(70.51)).grant == nil)
        // The others leave after one length, which is sooner than the next edge.
        #expect(core.tryAcquire(["a": 9], lane: "only", scopes: [], now: at(129.6)).grant != nil)
    }

    @Test func withoutTheVenuesClockOrWithAWildOneItIsARollingWindow() throws {
        for reading in [nil, clock(error: .seconds(60)), clock(error: .seconds(-1))] as [VenueClock?] {
            var core = try core(holding: false)
            if let reading { core.alignWindows(reading, now: at(0)) }
            #expect(core.tryAcquire(["a": 10], lane: "only", scopes: [], now: at(69)).grant != nil)
            let refusal = core.tryAcquire(["a": 1], lane: "only", scopes: [], now: at(69)).refusal
            #expect(refusal?.until == at(129))
        }
    }

    @Test func theServersCountEndsWithItsWindow() throws {
        var core = try core(holding: false)
        core.alignWindows(clock(error: .zero, at: 69), now: at(69))
        core.reportUsage(bucket: "a", used: 10, now: at(69))
        #expect(core.tryAcquire(["a": 1], lane: "only", scopes: [], now: at(69.9)).grant == nil)
        #expect(core.tryAcquire(["a": 10], lane: "only", scopes: [], now: at(70.001)).grant != nil)
    }

    @Test func aClockThatIsYearsOffTrapsNothing() throws {
        for civil in [Int64.min, .max, 0] {
            for instant in [Int64.min, .max, 0] {
                for error in [Int64.max, 0] {
                    var core = try core(holding: false)
                    core.alignWindows(VenueClock(civil: civil, instant: instant, error: error), now: at(1))
                    #expect(core.tryAcquire(["a": 10], lane: "only", scopes: [], now: at(2)).grant != nil)
                    #expect(core.tryAcquire(["a": 1], lane: "only", scopes: [], now: at(2)).grant == nil)
                    _ = core.tryAcquire(["a": 1], lane: "only", scopes: [], now: .distantFuture)
                }
            }
        }
    }

    @Test func aCounterOfAKeyThatComesLaterKnowsTheClock() throws {
        var keyed = Self.bucket
        keyed.isPerKey = true
        var core = try core(keyed, holding: false)
        core.alignWindows(clock(error: .zero, at: 60), now: at(60))
        let charge = Charge(weights: ["a": 10], key: "BTC")
        #expect(core.tryAcquire(charge, lane: "only", scopes: [], now: at(69)).grant != nil)
        #expect(core.tryAcquire(charge, lane: "only", scopes: [], now: at(71)).grant != nil)
    }

    /// Every clock and every two or three calls at the smallest scale: no window of the venue holds more than its limit.
    @Test func noOrderOfCallsExceedsTheSmallestWindowWhereverItBegins() {
        let configuration = BucketConfiguration(
            name: "a", limit: 2, window: .nanoseconds(4), marginPerMille: 1_000, shape: .fixed)
        var soonerThanRolling = 0
        for error in Int64(0)...2 {
            for offset in Int64(0)..<4 {
                for seen in (offset - error)...(offset + error) {
                    for choice in 0..<(4 * 64) {
                        var venue = NaiveVenueCounter(shape: .fixed, window: 4, limit: 2)
                        venue.offset = offset
                        var bucket = Bucket(configuration, lanes: ["only"])
                        bucket.align(VenueClock(civil: 0, instant: seen, error: error))
                        let latency = Int64(choice % 4)
                        var now: Int64 = 0
                        var granted: [Int64] = []
                        for gap in [choice / 4 % 4, choice / 16 % 4, choice / 64] {
                            now += [0, 1, 2, 4][gap]
                            bucket.expire(now)
                            guard bucket.earliest(weight: 1, lane: 0, now: now) <= now else { continue }
                            if granted.count == 2, now - granted[0] < latency + 4 { soonerThanRolling += 1 }
                            granted.append(now)
                            bucket.hold(1)
                            // Nobody asks while it is under way; it may arrive at either end of that time.
                            venue.arrivals.append((granted.count == 3 ? now : now + latency, 1))
                            now += latency
                            bucket.expire(now)
                            bucket.settle(1, now: now)
                        }
                        if venue.everExceeds(2) { Issue.record("error \(error) offset \(offset) choice \(choice)") }
                    }
                }
            }
        }
        #expect(soonerThanRolling > 0)
    }
}
