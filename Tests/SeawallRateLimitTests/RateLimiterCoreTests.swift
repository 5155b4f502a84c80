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

    /// Whoever is dropped in line is told the same as who is turned away at the door at that instant.
    @Test func whoseDeadlineComesIsToldWhatStoodInItsWay() throws {
        var core = try RateLimiterCore(.example)
        let deadline = instant(10).advanced(by: .milliseconds(500))
        let calls: [(charge: Charge, scopes: [String])] = [
            (["weight": 4], []), (["orders": 1], ["shut"]), (["weight": 1], []),
        ]
        func ask(_ call: Int, now: MonotonicInstant) -> RateLimiterCore.Admission {
            core.acquire(
                calls[call].charge, lane: "low", scopes: calls[call].scopes, deadline: deadline, ticket: UInt64(call),
                now: now)
        }
        #expect(core.tryAcquire(["weight": 4], lane: "low", scopes: [], now: .origin).grant != nil)
        #expect(core.tryAcquire(["weight": 4], lane: "low", scopes: [], now: instant(1)).grant != nil)
        core.gate("shut", until: instant(3), now: instant(1))
        for call in calls.indices {
            guard case .waiting = ask(call, now: instant(1)) else { throw RateLimitError(code: .noTokens) }
        }
        core.gate("shut", until: instant(30), now: instant(2))
        #expect(core.tryAcquire(["weight": 2], lane: "high", scopes: [], now: instant(9)).grant != nil)
        core.advance(to: deadline)
        let errors = core.takeReleases().map { release -> RateLimitError? in
            if case .failure(let error) = release.result { error } else { nil }
        }
        let expected = [
            RateLimitError(code: .deadlineExceeded, subject: "weight", until: instant(11)),
            RateLimitError(code: .deadlineExceeded, subject: "shut", until: instant(30)),
            // It had room: only the first was ahead of it.
            RateLimitError(code: .deadlineExceeded),
        ]
        #expect(errors.map { $0?.description } == expected.map(\.description))
        for call in [0, 1] {
            guard case .refused(let error) = ask(call, now: deadline) else { throw RateLimitError(code: .noTokens) }
            #expect(error.description == expected[call].description)
        }
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

    @Test func whoWaitsForAScopeHoldsBackNobodyOfItsLaneWhomItIsOpenTo() throws {
        var core = try RateLimiterCore(.example)
        core.gate("orders", until: instant(60), now: .origin)
        let waits = core.acquire(
            ["orders": 1], lane: "high", scopes: ["orders", "ip"], deadline: nil, ticket: 1, now: .origin)
        guard case .waiting = waits else { return #expect(Bool(false), "\(waits)") }
        // All need `ip`, which is open: to pass it takes nothing from whoever waits.
        #expect(core.tryAcquire([:], lane: "high", scopes: ["symbol", "ip"], now: instant(1)).grant != nil)
        let behind = core.acquire(
            ["weight": 1], lane: "high", scopes: ["ip"], deadline: nil, ticket: 2, now: instant(1))
        guard case .granted = behind else { return #expect(Bool(false), "\(behind)") }
        let lower = core.tryAcquire([:], lane: "low", scopes: ["symbol", "ip"], now: instant(1)).refusal
        #expect(lower?.code == .behindWaiters)
        core.advance(to: instant(60))
        #expect(core.takeReleases().map(\.ticket) == [1])
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

    @Test func whatIsHeldLeavesAWindowAfterItsCallHasEnded() throws {
        var configuration = RateLimiterConfiguration.example
        configuration.holdsUntilSettled = true
        var core = try RateLimiterCore(configuration)
        let slow = try #require(core.tryAcquire(["weight": 8], lane: "low", scopes: [], now: .origin).grant)
        #expect(core.status(now: instant(50)).buckets[0].held == 8)
        // It cannot be sooner than if it ended now.
        #expect(core.tryAcquire(["weight": 1], lane: "low", scopes: [], now: instant(50)).refusal?.until == instant(60))
        let isSettled = core.settle(slow, now: instant(55))
        #expect(isSettled)
        let isSettledAgain = core.settle(slow, now: instant(56))
        #expect(!isSettledAgain)
        let isTakenBack = core.giveBack(slow, now: instant(56))
        #expect(!isTakenBack)
        #expect(core.tryAcquire(["weight": 1], lane: "low", scopes: [], now: instant(56)).refusal?.until == instant(65))
        let unmade = try #require(core.tryAcquire(["weight": 8], lane: "low", scopes: [], now: instant(65)).grant)
        let isUnmade = core.giveBack(unmade, now: instant(90))
        #expect(isUnmade)
        #expect(core.status(now: instant(90)).buckets[0].used == 0)
        #expect(core.status(now: instant(90)).buckets[0].held == 0)
    }

    @Test func aLimiterThatDoesNotHoldHasNothingToSettle() throws {
        var core = try RateLimiterCore(.example)
        let grant = try #require(core.tryAcquire(["weight": 8], lane: "low", scopes: [], now: .origin).grant)
        let isSettled = core.settle(grant, now: instant(5))
        #expect(!isSettled)
        #expect(core.tryAcquire(["weight": 8], lane: "low", scopes: [], now: instant(10)).grant != nil)
    }

    @Test func aCounterThatFallsIsKeptToTheNanosecond() throws {
        // Twenty, a half of one a second.
        let bucket = BucketConfiguration(
            name: "weight", limit: 20, window: .seconds(40), marginPerMille: 1_000, shape: .decay)
        var core = try RateLimiterCore(RateLimiterConfiguration(lanes: ["only"], buckets: [bucket]))
        #expect(core.tryAcquire(["weight": 20], lane: "only", scopes: [], now: .origin).grant != nil)
        let refusal = core.tryAcquire(["weight": 1], lane: "only", scopes: [], now: .origin).refusal
        #expect(refusal?.until == instant(2))
        let early = MonotonicInstant(nanoseconds: instant(2).nanoseconds - 1)
        #expect(core.tryAcquire(["weight": 1], lane: "only", scopes: [], now: early).grant == nil)
        #expect(core.tryAcquire(["weight": 1], lane: "only", scopes: [], now: instant(2)).grant != nil)
        #expect(core.status(now: instant(3)).buckets[0].used == 20)
        #expect(core.status(now: instant(4)).buckets[0].used == 19)
        #expect(core.status(now: instant(42)).buckets[0].used == 0)
        // Idle time fills nothing beyond the limit.
        #expect(core.tryAcquire(["weight": 20], lane: "only", scopes: [], now: instant(999)).grant != nil)
        #expect(core.tryAcquire(["weight": 1], lane: "only", scopes: [], now: instant(999)).grant == nil)
        core.reportUsage(bucket: "weight", used: 25, now: instant(1_039))
        #expect(
            core.tryAcquire(["weight": 1], lane: "only", scopes: [], now: instant(1_050)).refusal?.until
                == instant(1_051))
    }

    @Test func givingBackToACounterThatFallsTakesOnlyWhatIsSurelyStillThere() throws {
        let bucket = BucketConfiguration(
            name: "weight", limit: 10, window: .seconds(10), marginPerMille: 1_000, shape: .decay)
        var core = try RateLimiterCore(RateLimiterConfiguration(lanes: ["only"], buckets: [bucket]))
        let unmade = try #require(core.tryAcquire(["weight": 2], lane: "only", scopes: [], now: .origin).grant)
        #expect(core.tryAcquire(["weight": 5], lane: "only", scopes: [], now: instant(3)).grant != nil)
        // By then the two had fallen away, so the five are still the venue's.
        core.giveBack(unmade, now: instant(3))
        #expect(core.status(now: instant(3)).buckets[0].used == 5)
        let other = try #require(core.tryAcquire(["weight": 4], lane: "only", scopes: [], now: instant(3)).grant)
        core.giveBack(other, now: instant(3))
        #expect(core.status(now: instant(3)).buckets[0].used == 5)
    }

    @Test func everyKeyHasACounterOfItsOwnAndTheirNumberIsBounded() throws {
        let bucket = BucketConfiguration(
            name: "trades", limit: 2, window: .seconds(10), marginPerMille: 1_000, isPerKey: true)
        var core = try RateLimiterCore(
            RateLimiterConfiguration(lanes: ["only"], buckets: [bucket], maximumKeys: 2))
        func ask(_ key: String, _ now: Int) -> RateLimitError.Code? {
            let charge = Charge(weights: ["trades": 2], key: key)
            return core.tryAcquire(charge, lane: "only", scopes: [], now: instant(now)).refusal?.code
        }
        #expect(ask("a", 0) == nil)
        #expect(ask("b", 0) == nil)
        #expect(ask("a", 1) == .noTokens)
        #expect(ask("c", 1) == .tooManyKeys)
        #expect(core.status(now: instant(1)).buckets.map(\.key) == ["a", "b"])
        // The window has let both go, and a new key takes the place of one.
        #expect(ask("b", 10) == nil)
        #expect(ask("c", 11) == nil)
        #expect(core.status(now: instant(11)).buckets.map(\.key) == ["b", "c"])
        #expect(core.buckets.count == 3)
        core.reportUsage(bucket: "trades", used: 1, key: "b", now: instant(25))
        #expect(core.status(now: instant(25)).buckets.map(\.used) == [1, 0])
    }

    @Test func aCounterForWhichSomebodyWaitsIsNotForgotten() throws {
        let bucket = BucketConfiguration(
            name: "trades", limit: 2, window: .seconds(10), marginPerMille: 1_000, isPerKey: true)
        var core = try RateLimiterCore(
            RateLimiterConfiguration(lanes: ["only"], buckets: [bucket], maximumKeys: 1))
        core.gate("shut", until: instant(50), now: .origin)
        let charge = Charge(weights: ["trades": 1], key: "a")
        let admission = core.acquire(charge, lane: "only", scopes: ["shut"], deadline: nil, ticket: 1, now: .origin)
        guard case .waiting = admission else { return #expect(Bool(false), "expected to wait") }
        let other = core.tryAcquire(Charge(weights: ["trades": 1], key: "b"), lane: "only", scopes: [], now: instant(1))
        #expect(other.refusal?.code == .tooManyKeys)
        core.advance(to: instant(50))
        #expect(core.takeReleases().count == 1)
    }

    @Test func whoFollowsAnotherUsesWhatThatOneLeftUntilTheServerHasSpoken() throws {
        var configuration = RateLimiterConfiguration(
            lanes: ["only"], buckets: [BucketConfiguration(name: "weight", limit: 100, window: .seconds(10))],
            holdsUntilSettled: true, followsAnother: true)
        var core = try RateLimiterCore(configuration, start: instant(100))
        #expect(core.status(now: instant(100)).buckets[0].tokens == 20)
        let first = try #require(core.tryAcquire(["weight": 5], lane: "only", scopes: [], now: instant(100)).grant)
        #expect(core.status(now: instant(100)).buckets[0].tokens == 15)
        core.reportUsage(bucket: "weight", used: 12, answering: first, now: instant(101))
        #expect(core.status(now: instant(101)).buckets[0].used == 12)
        var silent = try RateLimiterCore(configuration, start: instant(100))
        #expect(silent.status(now: instant(109)).buckets[0].tokens == 20)
        #expect(silent.status(now: instant(110)).buckets[0].tokens == 80)
        configuration.buckets[0].marginPerMille = 1_000
        var greedy = try RateLimiterCore(configuration, start: instant(100))
        #expect(greedy.status(now: instant(100)).buckets[0].tokens == 20)
    }

    @Test func aLaterReportTakesThePlaceOfAnEarlierOneAndOneOfBeforeDoesNot() throws {
        var configuration = RateLimiterConfiguration.example
        configuration.holdsUntilSettled = true
        var core = try RateLimiterCore(configuration)
        func ask(_ now: Int) throws -> Grant {
            try #require(core.tryAcquire(["weight": 1], lane: "low", scopes: [], now: instant(now)).grant)
        }
        func used(_ now: Int) -> Int { core.status(now: instant(now)).buckets[0].used }
        let first = try ask(0)
        let second = try ask(0)
        core.reportUsage(bucket: "weight", used: 6, answering: second, now: instant(1))
        core.settle(second, now: instant(1))
        // The first may or may not be among the six.
        #expect(used(1) == 7)
        core.reportUsage(bucket: "weight", used: 1, answering: first, now: instant(2))
        core.settle(first, now: instant(2))
        #expect(used(2) == 7)
        let third = try ask(2)
        core.reportUsage(bucket: "weight", used: 4, answering: third, now: instant(3))
        core.settle(third, now: instant(3))
        #expect(used(3) == 4)
        #expect(used(12) == 4)
        #expect(used(13) == 0)
    }
}
