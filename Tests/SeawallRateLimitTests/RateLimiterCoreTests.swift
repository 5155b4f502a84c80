import SeawallTime
import Testing

@testable import SeawallRateLimit

@Suite struct RateLimiterCoreTests {
    private func instant(_ seconds: Int) -> MonotonicInstant { .origin.advanced(by: .seconds(seconds)) }

    @Test func takesFromAllBucketsOrFromNone() throws {
        var core = try RateLimiterCore(.example)
        for _ in 0..<5 {
            #expect(core.tryAcquire(["weight": 1, "orders": 1], lane: "low", scopes: [], now: .origin).grant != nil)
        }
        let refusal = core.tryAcquire(["weight": 1, "orders": 1], lane: "low", scopes: [], now: .origin).refusal
        #expect(refusal == Refusal(code: .noTokens, subject: "orders", until: instant(10)))
        let status = core.status(now: .origin)
        #expect(status.buckets.map(\.tokens) == [5, 0])
        #expect(status.lanes.map(\.granted) == [0, 0, 5])
        #expect(status.lanes.map(\.refused) == [0, 0, 1])
    }

    @Test func afterIdleTimeAWindowStillHoldsNoMoreThanItsCapacity() throws {
        // The full bucket and its refill together let 200 through in a window of 100 where tokens come back steadily.
        var core = try RateLimiterCore(
            RateLimiterConfiguration(
                lanes: ["only"], buckets: [BucketConfiguration(name: "weight", marginPerMille: 1_000)]))
        var granted = 0
        for second in 3_600..<3_660 {
            for _ in 0..<100 {
                let decision = core.tryAcquire(["weight": 1], lane: "only", scopes: [], now: instant(second))
                if decision.grant != nil { granted += 1 }
            }
        }
        #expect(granted == 100)
    }

    @Test func theDefaultsAreAHundredAMinuteWithAMarginOfFourFifths() throws {
        var core = try RateLimiterCore(
            RateLimiterConfiguration(lanes: ["only"], buckets: [BucketConfiguration(name: "weight")]))
        #expect(core.status(now: .origin).buckets.map(\.capacity) == [80])
        #expect(core.tryAcquire(["weight": 80], lane: "only", scopes: [], now: .origin).grant != nil)
        let refusal = core.tryAcquire(["weight": 1], lane: "only", scopes: [], now: instant(1)).refusal
        #expect(refusal?.until == instant(60))
    }

    @Test func lowerLanesLeaveTheReserveAndTheHighestMayUseIt() throws {
        var core = try RateLimiterCore(.example)
        #expect(core.tryAcquire(["weight": 8], lane: "low", scopes: [], now: .origin).grant != nil)
        #expect(core.tryAcquire(["weight": 1], lane: "middle", scopes: [], now: .origin).refusal?.code == .noTokens)
        #expect(core.tryAcquire(["weight": 2], lane: "high", scopes: [], now: .origin).grant != nil)
    }

    @Test func whatCanNeverGoIsRefusedAtOnce() throws {
        var core = try RateLimiterCore(.example)
        func code(_ charge: Charge, _ lane: Lane) -> RateLimitError.Code? {
            let admission = core.acquire(charge, lane: lane, scopes: [], deadline: nil, ticket: 1, now: .origin)
            return if case .refused(let error) = admission { error.code } else { nil }
        }
        #expect(code(["weight": 11], "high") == .weightOverBurst)
        #expect(code(["weight": 9], "low") == .weightOverBurst)
        #expect(code(["nothing": 1], "low") == .unknownBucket)
        #expect(code(["weight": 1], "nowhere") == .unknownLane)
        #expect(code(["weight": -5], "low") == .invalidWeight)
        #expect(code(["weight": .min], "low") == .invalidWeight)
        #expect(code(["weight": .max], "low") == .weightOverBurst)
        #expect(core.status(now: .origin).buckets.map(\.tokens) == [10, 5])
        #expect(code(["weight": 0], "low") == nil)
        #expect(core.status(now: .origin).buckets.map(\.tokens) == [10, 5])
    }

    @Test func aClockThatGoesBackMintsNothing() throws {
        var core = try RateLimiterCore(.example)
        #expect(core.tryAcquire(["weight": 8], lane: "low", scopes: [], now: instant(100)).grant != nil)
        for second in [99, 0, -1_000_000] {
            let refusal = core.tryAcquire(["weight": 1], lane: "low", scopes: [], now: instant(second)).refusal
            #expect(refusal?.until == instant(110))
        }
        // What is taken while the clock is back counts from the latest instant, not from the one that it shows.
        let late = core.tryAcquire(["weight": 2], lane: "high", scopes: [], now: instant(50)).grant
        #expect(late?.instant == instant(100))
        #expect(core.tryAcquire(["weight": 1], lane: "high", scopes: [], now: instant(109)).grant == nil)
        #expect(core.tryAcquire(["weight": 1], lane: "low", scopes: [], now: instant(110)).grant != nil)
    }

    @Test func aGrantIsGivenBackOnceAndNeverAboveTheCapacity() throws {
        var core = try RateLimiterCore(.example)
        let first = try #require(core.tryAcquire(["weight": 3], lane: "low", scopes: [], now: .origin).grant)
        let second = try #require(core.tryAcquire(["weight": 4], lane: "low", scopes: [], now: .origin).grant)
        core.giveBack(first, now: instant(1))
        core.giveBack(first, now: instant(2))
        #expect(core.status(now: instant(2)).buckets[0].used == 4)
        core.giveBack(second, now: instant(11))
        core.giveBack(second, now: instant(11))
        #expect(core.status(now: instant(11)).buckets[0].tokens == 10)
    }

    @Test func aGrantOfAnotherLimiterIsNotTakenBack() throws {
        var core = try RateLimiterCore(.example)
        var other = try RateLimiterCore(.example)
        let foreign = try #require(other.tryAcquire(["weight": 3], lane: "low", scopes: [], now: .origin).grant)
        _ = core.tryAcquire(["weight": 3], lane: "low", scopes: [], now: .origin)
        let isTaken = core.giveBack(foreign, now: .origin)
        #expect(!isTaken)
        #expect(core.status(now: .origin).buckets[0].used == 3)
    }

    @Test func theMemoryOfReturnedGrantsIsBounded() throws {
        var core = try RateLimiterCore(.example)
        var first: Grant?
        for step in 0..<5_000 {
            let now = instant(step)
            let grant = try #require(core.tryAcquire(["weight": 8], lane: "low", scopes: [], now: now).grant)
            if first == nil { first = grant }
            let isTaken = core.giveBack(grant, now: now)
            #expect(isTaken)
        }
        // Long forgotten, and just as worthless.
        if let first { core.giveBack(first, now: instant(5_000)) }
        #expect(core.status(now: instant(5_000)).buckets[0].tokens == 10)
    }

    @Test func aGateHoldsEveryLaneUntilItsEndAndIsOnlyExtended() throws {
        var core = try RateLimiterCore(.example)
        core.gate("ip", until: instant(30), now: .origin)
        core.gate("ip", until: instant(20), now: .origin)
        core.gate("ip", until: instant(-1), now: .origin)
        #expect(core.gateEnd(for: ["ip"], now: .origin) == instant(30))
        #expect(core.gateEnd(for: ["account", "elsewhere"], now: .origin) == nil)
        for lane in ["high", "middle", "low"] as [Lane] {
            // By the scope of a bucket, and by the caller's own word.
            let byBucket = core.tryAcquire(["weight": 1], lane: lane, scopes: [], now: instant(29)).refusal
            #expect(byBucket == Refusal(code: .gated, subject: "ip", until: instant(30)))
            let byScope = core.tryAcquire([:], lane: lane, scopes: ["x", "ip"], now: instant(29)).refusal
            #expect(byScope == Refusal(code: .gated, subject: "ip", until: instant(30)))
            #expect(core.tryAcquire(["orders": 1], lane: lane, scopes: ["x"], now: instant(29)).grant != nil)
        }
        #expect(core.gateEnd(for: ["ip"], now: instant(30)) == nil)
        #expect(core.tryAcquire(["weight": 1], lane: "low", scopes: ["ip"], now: instant(30)).grant != nil)
    }

    @Test func theServersCountRaisesOursAndNeverLowersIt() throws {
        var core = try RateLimiterCore(.example)
        _ = core.tryAcquire(["weight": 4], lane: "low", scopes: [], now: .origin)
        core.reportUsage(bucket: "weight", used: 3, now: .origin)
        core.reportUsage(bucket: "weight", used: -1, now: .origin)
        core.reportUsage(bucket: "nothing", used: 9, now: .origin)
        #expect(core.status(now: .origin).buckets[0].used == 4)
        core.reportUsage(bucket: "weight", used: 9, now: instant(5))
        core.reportUsage(bucket: "weight", used: 2, now: instant(5))
        #expect(core.status(now: instant(5)).buckets[0].used == 9)
        // Inside the server's window its count stands: whether our four were in it, or others' nine, nobody can tell.
        #expect(core.tryAcquire(["weight": 2], lane: "high", scopes: [], now: instant(5)).refusal?.until == instant(15))
        #expect(core.status(now: instant(10)).buckets[0].used == 9)
        #expect(core.status(now: instant(15)).buckets[0].used == 0)
        core.reportUsage(bucket: "weight", used: .max, now: instant(16))
        core.reportUsage(bucket: "weight", used: .max, now: instant(17))
        #expect(core.status(now: instant(17)).buckets[0].tokens == 0)
        #expect(core.tryAcquire(["weight": 1], lane: "high", scopes: [], now: instant(27)).grant != nil)
    }

    @Test func givingBackWhatTheServerNeverSawDoesNotHideWhatOthersUsed() throws {
        var core = try RateLimiterCore(.example)
        let unsent = try #require(core.tryAcquire(["weight": 5], lane: "low", scopes: [], now: .origin).grant)
        // Of the six that the server has counted none is ours.
        core.reportUsage(bucket: "weight", used: 6, now: instant(1))
        core.giveBack(unsent, now: instant(2))
        #expect(core.status(now: instant(2)).buckets[0].used == 6)
        #expect(core.status(now: instant(10)).buckets[0].used == 6)
        #expect(core.status(now: instant(11)).buckets[0].used == 0)
    }

    @Test func aPacedBucketGivesItsRateInSmallPieces() throws {
        var core = try RateLimiterCore(
            RateLimiterConfiguration(
                lanes: ["only"],
                buckets: [
                    BucketConfiguration(
                        name: "weight", limit: 60, window: .seconds(60), marginPerMille: 1_000, burst: 5)
                ]))
        var granted = 0
        for second in 0..<120 {
            while core.tryAcquire(["weight": 1], lane: "only", scopes: [], now: instant(second)).grant != nil {
                granted += 1
                #expect(granted <= 5 * (second / 5 + 1))
            }
        }
        #expect(granted == 120)
        #expect(core.tryAcquire(["weight": 6], lane: "only", scopes: [], now: instant(999)).refusal?.until == nil)
    }
}
