import SeawallTime
import Testing

@testable import SeawallRateLimit

/// Limits that are set while the limiter runs.
@Suite struct LiveChangeTests {
    private static let window = BucketConfiguration(
        name: "a", scope: "ip", limit: 10, window: .seconds(10), marginPerMille: 1_000)

    private func at(_ seconds: Int64) -> MonotonicInstant { MonotonicInstant(nanoseconds: seconds * 1_000_000_000) }

    private func core(_ bucket: BucketConfiguration = window, holding: Bool = false) throws -> RateLimiterCore {
        try RateLimiterCore(
            RateLimiterConfiguration(lanes: ["high", "low"], buckets: [bucket], holdsUntilSettled: holding))
    }

    private func changed(_ change: (inout BucketConfiguration) -> Void) -> BucketConfiguration {
        var bucket = Self.window
        change(&bucket)
        return bucket
    }

    @Test(arguments: [true, false])
    func whatWasUsedAndIsHeldStaysSo(isHolding: Bool) throws {
        var core = try core(holding: isHolding)
        let first = try #require(core.tryAcquire(["a": 3], lane: "low", scopes: [], now: at(0)).grant)
        core.settle(first, now: at(1))
        let second = try #require(core.tryAcquire(["a": 4], lane: "low", scopes: [], now: at(2)).grant)
        try core.update(changed { $0.limit = 20 }, now: at(3))
        #expect(core.tryAcquire(["a": 13], lane: "low", scopes: [], now: at(3)).grant != nil)
        #expect(core.tryAcquire(["a": 1], lane: "low", scopes: [], now: at(3)).grant == nil)
        try core.update(Self.window, now: at(4))
        #expect(core.status(now: at(4)).buckets[0].used == 20)
        // A grant from before is known all the same.
        #expect(core.giveBack(second, now: at(5)) == true)
        #expect(core.status(now: at(5)).buckets[0].used == 16)
        #expect(core.status(now: at(11)).buckets[0].used == 13)
    }

    @Test func aShorterWindowForgetsSooner() throws {
        var core = try core()
        #expect(core.tryAcquire(["a": 10], lane: "low", scopes: [], now: at(0)).grant != nil)
        try core.update(changed { $0.window = .seconds(5) }, now: at(1))
        #expect(core.tryAcquire(["a": 10], lane: "low", scopes: [], now: at(5)).grant != nil)
    }

    @Test func whatALongerMemoryWouldKnowIsAssumed() throws {
        let changes: [(inout BucketConfiguration) -> Void] = [
            { $0.window = .seconds(60) }, { $0.shape = .decay },
        ]
        for change in changes {
            var core = try core()
            #expect(core.tryAcquire(["a": 10], lane: "low", scopes: [], now: at(0)).grant != nil)
            try core.update(changed(change), now: at(10))
            #expect(core.status(now: at(10)).buckets[0].used == 8)
            #expect(core.tryAcquire(["a": 2], lane: "low", scopes: [], now: at(10)).grant != nil)
            #expect(core.tryAcquire(["a": 1], lane: "low", scopes: [], now: at(10)).grant == nil)
        }
    }

    @Test func aCounterThatFallsKeepsItsHeight() throws {
        var core = try core(changed { $0.shape = .decay })
        #expect(core.tryAcquire(["a": 10], lane: "low", scopes: [], now: at(0)).grant != nil)
        try core.update(
            changed {
                $0.shape = .decay
                $0.limit = 20
            }, now: at(5))
        // Five of twenty, that fall by two a second.
        #expect(core.status(now: at(5)).buckets[0].used == 5)
        #expect(core.status(now: at(6)).buckets[0].used == 3)
        try core.update(Self.window, now: at(6))
        #expect(core.status(now: at(6)).buckets[0].used == 8)
    }

    /// The window of a counter that falls at a rate is no whole number of nanoseconds: that is no slower fall.
    @Test func aCounterOfTheSameRateStaysEmptyUnderAnyLimit() throws {
        var random = SeededGenerator(seed: 1, stream: "rates")
        for _ in 0..<2_000 {
            let rate = 1 + Int(random.below(random.chance(0.5) ? 100 : 1_000_000))
            let share = random.chance(0.5) ? 1_000 : 1 + Int(random.below(1_000))
            let limits = (0..<2).map { _ in 1_000 + Int(random.below(1_000_000)) }
            let buckets = limits.map { limit in
                changed {
                    $0.shape = .decay
                    $0.limit = limit
                    $0.sharePerMille = share
                    $0.window = .nanoseconds((limit * 1_000_000_000 + rate - 1) / rate)
                }
            }
            var core = try core(buckets[0])
            try core.update(buckets[1], now: at(0))
            let used = core.status(now: at(0)).buckets[0].used
            #expect(used == 0, "\(limits) at \(rate) a second, share \(share)")
            // A slower one would have kept what this one has let go of.
            var slower = buckets[1]
            slower.window += .nanoseconds(slower.window.wholeNanoseconds / 100_000 + 2)
            try core.update(slower, now: at(0))
            #expect(core.status(now: at(0)).buckets[0].used > 0)
        }
    }

    @Test func whoWaitsForMoreThanCanFitNowIsTold() throws {
        var core = try core()
        #expect(core.tryAcquire(["a": 10], lane: "low", scopes: [], now: at(0)).grant != nil)
        _ = core.acquire(["a": 6], lane: "low", scopes: [], deadline: nil, ticket: 1, now: at(0))
        _ = core.acquire(["a": 5], lane: "low", scopes: [], deadline: nil, ticket: 2, now: at(0))
        try core.update(changed { $0.limit = 5 }, now: at(1))
        let releases = core.takeReleases()
        #expect(releases.map(\.ticket) == [1])
        #expect(throws: RateLimitError.self) { try releases[0].result.get() }
        core.advance(to: at(10))
        #expect(core.takeReleases().map(\.ticket) == [2])
    }

    @Test func whoWantsMoreLeftThanCanBeIsToldSo() throws {
        var core = try core()
        #expect(core.tryAcquire(["a": 10], lane: "low", scopes: [], now: at(0)).grant != nil)
        let charge = Charge(weights: ["a": 2], key: "", leaving: ["a": 4])
        _ = core.acquire(charge, lane: "low", scopes: [], deadline: nil, ticket: 1, now: at(0))
        try core.update(changed { $0.limit = 5 }, now: at(1))
        let releases = core.takeReleases()
        let error = #expect(throws: RateLimitError.self) { try releases.first?.result.get() }
        #expect(error?.code == .cannotBeLeft)
        #expect(error?.subject == "a")
    }

    @Test func aHigherLimitWakesWhoWaits() throws {
        let world = try LimiterWorld()
        _ = world.limiter.tryAcquire(["orders": 5], lane: "high")
        world.call("later", ["orders": 2], lane: "high")
        #expect(world.log.isEmpty)
        var bucket = RateLimiterConfiguration.example.buckets[1]
        bucket.limit = 7
        try world.limiter.update(bucket)
        world.executor.run()
        #expect(world.log == ["0s later granted"])
    }

    @Test func countersOfKeysChangeTogether() throws {
        var core = try core(changed { $0.isPerKey = true })
        for key in ["x", "y"] {
            #expect(
                core.tryAcquire(Charge(weights: ["a": 10], key: key), lane: "low", scopes: [], now: at(0)).grant != nil)
        }
        try core.update(
            changed {
                $0.isPerKey = true
                $0.limit = 12
            }, now: at(1))
        for key in ["x", "y"] {
            let charge = Charge(weights: ["a": 2], key: key)
            #expect(core.tryAcquire(charge, lane: "low", scopes: [], now: at(1)).grant != nil)
            #expect(core.tryAcquire(charge, lane: "low", scopes: [], now: at(1)).grant == nil)
        }
        #expect(
            core.tryAcquire(Charge(weights: ["a": 12], key: "z"), lane: "low", scopes: [], now: at(1)).grant != nil)
    }

    @Test func badLimitsChangeNothing() throws {
        let limiter = try RateLimiter(configuration: RateLimiterConfiguration(lanes: ["only"], buckets: [Self.window]))
        let bad: [(BucketConfiguration, RateLimitError.Code)] = [
            (changed { $0.limit = -1 }, .invalidConfiguration), (changed { $0.window = .zero }, .invalidConfiguration),
            (changed { $0.scope = "account" }, .invalidConfiguration),
            (changed { $0.isPerKey = true }, .invalidConfiguration), (changed { $0.name = "b" }, .unknownBucket),
        ]
        for (bucket, code) in bad {
            let error = #expect(throws: RateLimitError.self) { try limiter.update(bucket) }
            #expect(error?.code == code)
        }
        #expect(limiter.tryAcquire(["a": 10], lane: "only").grant != nil)
    }
}
