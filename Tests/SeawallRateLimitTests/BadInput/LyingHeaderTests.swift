import SeawallTime
import Testing

@testable import SeawallRateLimit

/// Headers that lie, go back, overflow, or are not numbers: none mints a token, none blocks for longer than a window.
@Suite struct LyingHeaderTests {
    private static let rules = [
        UsageHeader(name: "Used", bucket: "a"),
        UsageHeader(name: "Remaining", bucket: "a", meaning: .remaining),
        UsageHeader(name: "Reset", bucket: "a", meaning: .reset),
        UsageHeader(name: "RateLimit", bucket: "a", meaning: .combined),
    ]

    private func limiter(holding: Bool = false) throws -> (RateLimiter, ManualTime) {
        let time = ManualTime()
        let limiter = try RateLimiter(
            configuration: RateLimiterConfiguration(
                lanes: ["only"],
                buckets: [BucketConfiguration(name: "a", limit: 100, marginPerMille: 1_000)],
                holdsUntilSettled: holding),
            environment: RuntimeEnvironment(time: time))
        return (limiter, time)
    }

    @Test(arguments: [true, false])
    func aCountThatGoesBackLowersNothingOfOurs(isHolding: Bool) throws {
        let (limiter, time) = try limiter(holding: isHolding)
        let grant = try #require(limiter.tryAcquire(["a": 40], lane: "only").grant)
        for used in ["90", "50", "3", "0"] {
            limiter.learn(headers: ["Used": used], by: Self.rules, answering: grant)
            #expect(limiter.status.buckets[0].used >= 40)
        }
        limiter.settle(grant)
        // By itself a lower number does not take the place of a higher one.
        limiter.learn(headers: ["Used": "80"], by: Self.rules)
        limiter.learn(headers: ["Used": "1"], by: Self.rules)
        #expect(limiter.status.buckets[0].used >= 80)
        time.advance(by: .seconds(60))
        #expect(limiter.status.buckets[0].used == 0)
    }

    @Test(arguments: [true, false])
    func aCountThatFallsInsideTheVenuesWindowLowersNothing(isHolding: Bool) throws {
        var core = try weight(.fixed, holding: isHolding)
        try answer(5_900, to: 10, of: &core, from: 20, until: 20.1)
        for second in stride(from: 21.0, to: 24, by: 0.5) {
            // Another backend has counted only this one.
            try answer(10, to: 10, of: &core, from: second, until: second + 0.1)
        }
        #expect(used(of: &core, at: 24) == 5_960)
        #expect(core.tryAcquire(["weight": 41], lane: "only", scopes: [], now: at(69)).grant == nil)
        // With the venue's window its word ends.
        try answer(10, to: 10, of: &core, from: 70.1, until: 70.2)
        #expect(used(of: &core, at: 70.2) == 10)
    }

    /// In a window that rolls, or that may have begun in between, the server may have forgotten.
    @Test(arguments: [BucketConfiguration.Shape.window, .fixed])
    func aCountThatMayHaveFallenIsBelieved(shape: BucketConfiguration.Shape) throws {
        var core = try weight(shape)
        try answer(5_900, to: 10, of: &core, from: 69.9, until: 70.05)
        try answer(30, to: 10, of: &core, from: 70.1, until: 70.2)
        #expect(used(of: &core, at: 70.2) == 30)
    }

    /// An answer may tell of a limit that its call was not charged to: the window may have begun meanwhile all the same.
    @Test func aCountThatCameWithAnotherCallMayBeOfTheWindowBefore() throws {
        var core = try weight(.fixed)
        let order = core.tryAcquire(["orders": 1], lane: "only", scopes: [], now: at(69.9)).grant
        core.reportUsage(bucket: "weight", used: 1_500, answering: order, now: at(70.3))
        try answer(12, to: 2, of: &core, from: 70.5, until: 70.6)
        #expect(used(of: &core, at: 70.6) == 12)
        // In one window it stands.
        let other = core.tryAcquire(["orders": 1], lane: "only", scopes: [], now: at(70.7)).grant
        core.reportUsage(bucket: "weight", used: 1_500, answering: other, now: at(70.8))
        try answer(12, to: 2, of: &core, from: 70.9, until: 71)
        #expect(used(of: &core, at: 71) == 1_502)
        #expect(order != nil && other != nil)
    }

    /// Where the venue may forget what it has counted, as orders that fill, a lower count is as good as a higher one.
    @Test func aCountOfWhatIsReleasedIsBelieved() throws {
        var core = try weight(.fixed, releasable: true)
        try answer(5_900, to: 10, of: &core, from: 20, until: 20.1)
        try answer(30, to: 10, of: &core, from: 20.2, until: 20.3)
        #expect(used(of: &core, at: 20.3) == 30)
    }

    /// What was under way beside an answer may have been in it: the next one tells.
    @Test func whatWasCountedTwiceIsSetRightInsideTheWindow() throws {
        var core = try weight(.fixed)
        let first = core.tryAcquire(["weight": 10], lane: "only", scopes: [], now: at(20)).grant
        #expect(core.tryAcquire(["weight": 100], lane: "only", scopes: [], now: at(20.1)).grant != nil)
        core.reportUsage(bucket: "weight", used: 110, answering: first, now: at(20.2))
        #expect(used(of: &core, at: 20.2) == 210)
        try answer(111, to: 1, of: &core, from: 20.3, until: 20.4)
        #expect(used(of: &core, at: 20.4) == 111)
    }

    /// What was never sent is not counted beside what the server cannot take back, and takes nothing from it.
    @Test(arguments: [true, false])
    func whatComesBackLeavesWhatTheServerHasSaid(isHolding: Bool) throws {
        var core = try weight(.fixed, holding: isHolding)
        let before = try #require(core.tryAcquire(["weight": 7], lane: "only", scopes: [], now: at(19)).grant)
        try answer(5_000, to: 10, of: &core, from: 20, until: 20.1)
        let after = try #require(core.tryAcquire(["weight": 5], lane: "only", scopes: [], now: at(20.2)).grant)
        try answer(10, to: 10, of: &core, from: 20.3, until: 20.4)
        #expect(used(of: &core, at: 20.4) == 5_015)
        core.giveBack(before, now: at(20.5))
        #expect(used(of: &core, at: 20.5) == 5_015)
        core.giveBack(after, now: at(20.5))
        #expect(used(of: &core, at: 20.5) == 5_010)
    }

    /// What another may have used is only assumed: the server's own count takes its place.
    @Test func whatIsAssumedIsNoWordOfTheServer() throws {
        var core = try weight(.fixed)
        var changed = core.configuration.buckets[0]
        changed.offset = .seconds(1)
        try core.update(changed, now: at(20))
        #expect(used(of: &core, at: 20) == 4_800)
        try answer(10, to: 10, of: &core, from: 21, until: 21.1)
        #expect(used(of: &core, at: 21.1) == 10)
    }

    /// A minute of the venue ends at 70 seconds of ours.
    private func weight(
        _ shape: BucketConfiguration.Shape, holding: Bool = false, releasable: Bool = false
    ) throws -> RateLimiterCore {
        let bucket = BucketConfiguration(
            name: "weight", limit: 6_000, marginPerMille: 1_000, shape: shape, isReleasable: releasable)
        let orders = BucketConfiguration(name: "orders", limit: 100, shape: shape)
        var core = try RateLimiterCore(
            RateLimiterConfiguration(lanes: ["only"], buckets: [bucket, orders], holdsUntilSettled: holding))
        core.alignWindows(
            VenueClock(civil: 1_700_000_040_000_000_000, instant: at(10).nanoseconds, error: 0), now: at(10))
        return core
    }

    private func at(_ seconds: Double) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: Int64((seconds * 1e9).rounded()))
    }

    private func used(of core: inout RateLimiterCore, at seconds: Double) -> Int {
        core.status(now: at(seconds)).buckets[0].used
    }

    private func answer(
        _ said: Int, to weight: Int, of core: inout RateLimiterCore, from start: Double, until end: Double
    ) throws {
        let answer = core.tryAcquire(["weight": weight], lane: "only", scopes: [], now: at(start))
        let grant = try #require(answer.grant)
        core.reportUsage(bucket: "weight", used: said, answering: grant, now: at(end))
        core.settle(grant, now: at(end))
    }

    @Test(arguments: ["9223372036854775807", "9223372036854775806", "1000000000000001"])
    func aCountAtTheEndOfTheNumbersBlocksForAWindowAndNoLonger(number: String) throws {
        let (limiter, time) = try limiter()
        for _ in 0..<50 {
            let grant = limiter.tryAcquire(["a": 1], lane: "only").grant
            limiter.learn(headers: ["Used": number, "Remaining": number], by: Self.rules, answering: grant)
        }
        #expect(limiter.tryAcquire(["a": 1], lane: "only").grant == nil)
        time.advance(by: .seconds(60))
        #expect(limiter.tryAcquire(["a": 100], lane: "only").grant != nil)
    }

    @Test(arguments: ["9223372036854775808", "-0", "1_000", "٤٢", "0b1", "1\u{0}", "५", "NaN", "1e3", "  ", "﹣1"])
    func whatIsNoNumberChangesNothing(text: String) throws {
        let (limiter, _) = try limiter()
        limiter.learn(
            headers: ["Used": text, "Remaining": text, "RateLimit": "r=\(text);t=\(text)", "Reset": text],
            by: Self.rules)
        #expect(limiter.status.buckets[0].used == 0)
        #expect(limiter.tryAcquire(["a": 100], lane: "only").grant != nil)
    }

    /// A reset that has passed, is years away, or is no date ends the server's word, never ours.
    @Test(arguments: [
        ("Thu, 01 Jan 1970 00:00:00 GMT", 1), ("Sun, 06 Nov 1994 08:49:37 GMT", 1), ("0", 1), ("-5", 60),
        ("Fri, 31 Dec 2200 23:59:59 GMT", 60), ("999999999", 60), ("99999999999999999999", 60), ("tomorrow", 60),
        ("Mon, 32 Jan 2024 00:00:00 GMT", 60), ("1e9", 60),
    ])
    func aResetEndsTheServersWordAlone(reset: String, seconds: Int) throws {
        let (limiter, time) = try limiter()
        #expect(limiter.tryAcquire(["a": 60], lane: "only").grant != nil)
        limiter.learn(headers: ["Remaining": "0", "Reset": reset], by: Self.rules)
        let until = limiter.tryAcquire(["a": 40], lane: "only").refusal?.until
        #expect(until == time.now.advanced(by: .seconds(seconds)), "\(reset)")
        // What is ours stays for its own window.
        time.advance(by: .seconds(1))
        #expect(limiter.status.buckets[0].used >= 60)
        #expect(limiter.tryAcquire(["a": 41], lane: "only").grant == nil)
    }

    @Test func aHeaderOfMegabytesIsReadAndForgotten() throws {
        let (limiter, _) = try limiter()
        let long = String(repeating: "r=1;t=", count: 100_000)
        limiter.learn(
            headers: ["RateLimit": long, "Used": String(repeating: "9", count: 100_000)], by: Self.rules)
        #expect(limiter.status.buckets[0].used <= 100)
    }

    @Test func headersOfManyLettersAndCasesAreOneEach() throws {
        let (limiter, _) = try limiter()
        limiter.learn(headers: ["used": "10", "USED": "20", "Used": "x"], by: Self.rules)
        #expect(limiter.status.buckets[0].used == 20)
    }
}
