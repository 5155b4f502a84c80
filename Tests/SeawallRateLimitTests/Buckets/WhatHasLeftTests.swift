import SeawallTime
import Testing

@testable import SeawallRateLimit

/// What has left a window by what was known then stays gone, whatever is known later: giving it back frees nothing.
@Suite struct WhatHasLeftTests {
    private func core(_ bucket: BucketConfiguration, holding: Bool = false) throws -> RateLimiterCore {
        try RateLimiterCore(
            RateLimiterConfiguration(lanes: ["only"], buckets: [bucket], holdsUntilSettled: holding))
    }

    private func bucket(_ shape: BucketConfiguration.Shape, limit: Int = 10) -> BucketConfiguration {
        BucketConfiguration(
            name: "a", limit: limit, window: .seconds(10), marginPerMille: 1_000, shape: shape,
            isReleasable: shape == .fixed)
    }

    private func at(_ seconds: Double) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: Int64((seconds * 1e9).rounded()))
    }

    /// A reading by which a window begins at so many seconds.
    private func clock(edge: Int64, at seconds: Double, error: Duration = .zero) -> VenueClock {
        let instant = at(seconds).nanoseconds
        return VenueClock(
            civil: 1_700_000_000_000_000_000 + instant - edge * 1_000_000_000, instant: instant,
            error: error.wholeNanoseconds)
    }

    private func take(_ weight: Int, of core: inout RateLimiterCore, at seconds: Double) -> Grant? {
        core.tryAcquire(["a": weight], lane: "only", scopes: [], now: at(seconds)).grant
    }

    @Test func givenBackUnderALaterEdgeItFreesNothingOfOthers() throws {
        var core = try core(bucket(.fixed))
        core.alignWindows(clock(edge: 1, at: 1), now: at(1))
        let first = try #require(take(10, of: &core, at: 10))
        #expect(take(10, of: &core, at: 12) != nil)
        core.alignWindows(clock(edge: 3, at: 12.5), now: at(12.5))
        core.giveBack(first, now: at(12.6))
        #expect(core.status(now: at(12.6)).buckets[0].used == 10)
        #expect(take(1, of: &core, at: 12.6) == nil)
    }

    /// Given back in time it frees what it took, under either edge.
    @Test func whatHasNotLeftComesBackUnderALaterEdgeToo() throws {
        var core = try core(bucket(.fixed))
        core.alignWindows(clock(edge: 1, at: 1), now: at(1))
        #expect(take(4, of: &core, at: 10) != nil)
        let second = try #require(take(6, of: &core, at: 11.5))
        #expect(take(4, of: &core, at: 12) != nil)
        core.alignWindows(clock(edge: 3, at: 12.5), now: at(12.5))
        core.giveBack(second, now: at(12.6))
        #expect(core.status(now: at(12.6)).buckets[0].used == 4)
    }

    @Test func releasedAfterTheEdgesAreForgottenItFreesNothingOfOthers() throws {
        var core = try core(bucket(.fixed, limit: 80), holding: true)
        let old = try (0..<80).map { _ in try #require(take(1, of: &core, at: 7)) }
        for grant in old { core.settle(grant, now: at(8)) }
        core.alignWindows(clock(edge: 1, at: 9), now: at(9))
        for _ in 0..<80 {
            let grant = try #require(take(1, of: &core, at: 11.5))
            core.settle(grant, now: at(11.6))
        }
        core.alignWindows(clock(edge: 1, at: 12, error: .seconds(60)), now: at(12))
        for grant in old {
            core.release(grant, now: at(12))
            #expect(take(1, of: &core, at: 12) == nil)
        }
        #expect(core.status(now: at(12)).buckets[0].used == 80)
    }

    @Test(arguments: [BucketConfiguration.Shape.window, .decay])
    func givenBackUnderAnotherLimitItFreesNothingOfWhatIsAssumed(shape: BucketConfiguration.Shape) throws {
        var core = try core(bucket(shape))
        let first = try #require(take(10, of: &core, at: 0))
        var changed = bucket(.decay)
        changed.window = .seconds(60)
        try core.update(changed, now: at(10))
        #expect(core.status(now: at(10)).buckets[0].used == 8)
        core.giveBack(first, now: at(10))
        #expect(core.status(now: at(10)).buckets[0].used == 8)
    }

    @Test(arguments: [BucketConfiguration.Shape.window, .decay], [nil, 5])
    func givenBackUnderALongerWindowItFreesNothingOfOthers(shape: BucketConfiguration.Shape, burst: Int?) throws {
        var core = try core(bucket(shape))
        let first = try #require(take(10, of: &core, at: 0))
        var changed = bucket(.window)
        changed.window = .seconds(60)
        changed.burst = burst
        try core.update(changed, now: at(10))
        let second = try #require(take(2, of: &core, at: 10))
        // The server knows better than what was assumed.
        core.reportUsage(bucket: "a", used: 0, answering: second, now: at(11))
        #expect(core.status(now: at(11)).buckets[0].used == 2)
        core.giveBack(first, now: at(12))
        #expect(core.status(now: at(12)).buckets[0].used == 2)
        #expect(core.status(now: at(12)).buckets[0].tokens == (burst ?? 10) - 2)
    }

    /// What was taken in the old form and has not left is known in the new one.
    @Test func whatHasNotLeftComesBackUnderAnotherLimit() throws {
        var core = try core(bucket(.window))
        #expect(take(4, of: &core, at: 0) != nil)
        let second = try #require(take(6, of: &core, at: 5))
        var changed = bucket(.window, limit: 12)
        changed.window = .seconds(9)
        try core.update(changed, now: at(10))
        core.giveBack(second, now: at(11))
        #expect(core.status(now: at(11)).buckets[0].used == 0)
    }

    /// A longer window remembers longer too who has given back.
    @Test func givenBackASecondTimeUnderALongerWindowItFreesNothing() throws {
        var core = try core(bucket(.window, limit: 100))
        let first = try #require(take(10, of: &core, at: 0))
        core.giveBack(first, now: at(0))
        var changed = bucket(.window, limit: 200)
        changed.window = .seconds(60)
        try core.update(changed, now: at(1))
        // So many that those whose window has passed are forgotten.
        for _ in 0..<100 { core.giveBack(try #require(take(1, of: &core, at: 11)), now: at(11)) }
        let other = try #require(take(10, of: &core, at: 11))
        core.reportUsage(bucket: "a", used: 0, answering: other, now: at(12))
        core.giveBack(first, now: at(13))
        #expect(core.status(now: at(13)).buckets[0].used == 10)
    }
}
