import SeawallTime
import Testing

@testable import SeawallRateLimit

/// What is given back while answers of the server are under way, in a limiter that does not hold.
@Suite struct ReturnedAndReportedTests {
    private func core(_ shape: BucketConfiguration.Shape = .window) throws -> RateLimiterCore {
        try RateLimiterCore(
            RateLimiterConfiguration(
                lanes: ["only"],
                buckets: [
                    BucketConfiguration(name: "a", limit: 100, window: .seconds(1), marginPerMille: 1_000, shape: shape)
                ]))
    }

    private func take(_ weight: Int, of core: inout RateLimiterCore) throws -> Grant {
        try #require(core.tryAcquire(["a": weight], lane: "only", scopes: [], now: .origin).grant)
    }

    private func used(_ core: inout RateLimiterCore) -> Int { core.status(now: .origin).buckets[0].used }

    @Test(arguments: BucketConfiguration.Shape.allCases)
    func anAnswerToALaterCallHasCountedWithoutWhatCameBack(shape: BucketConfiguration.Shape) throws {
        var core = try core(shape)
        let returned = try take(5, of: &core)
        let asked = try take(1, of: &core)
        core.giveBack(returned, now: .origin)
        core.reportUsage(bucket: "a", used: 41, answering: asked, now: .origin)
        #expect(used(&core) == 41)
        // A second word of it changes nothing.
        core.giveBack(returned, now: .origin)
        #expect(used(&core) == 41)
    }

    @Test(arguments: BucketConfiguration.Shape.allCases)
    func anAnswerToAnEarlierCallIsNotRaisedByWhatCameBack(shape: BucketConfiguration.Shape) throws {
        var core = try core(shape)
        let asked = try take(1, of: &core)
        let returned = try take(5, of: &core)
        let kept = try take(2, of: &core)
        core.giveBack(returned, now: .origin)
        core.reportUsage(bucket: "a", used: 41, answering: asked, now: .origin)
        #expect(used(&core) == 43)
        core.reportUsage(bucket: "a", used: 50, answering: kept, now: .origin)
        #expect(used(&core) == 50)
    }

    @Test(arguments: [BucketConfiguration.Shape.window, .fixed], [false, true])
    func whatComesBackAfterTheAnswerIsTakenOutOnlyWhereItWasAdded(
        shape: BucketConfiguration.Shape, isLater: Bool
    ) throws {
        var core = try core(shape)
        let first = try take(5, of: &core)
        let second = try take(3, of: &core)
        core.reportUsage(bucket: "a", used: 41, answering: isLater ? second : first, now: .origin)
        #expect(used(&core) == (isLater ? 41 : 44))
        core.giveBack(isLater ? first : second, now: .origin)
        #expect(used(&core) == 41)
    }

    @Test func oneWordThatFallsDoesNotHideAnotherThatStands() throws {
        var core = try core()
        let first = try take(1, of: &core)
        let returned = try take(5, of: &core)
        let last = try take(1, of: &core)
        core.reportUsage(bucket: "a", used: 40, answering: last, now: MonotonicInstant(nanoseconds: 1))
        core.reportUsage(bucket: "a", used: 37, answering: first, now: MonotonicInstant(nanoseconds: 1))
        #expect(used(&core) == 43)
        core.giveBack(returned, now: .origin)
        #expect(used(&core) == 40)
    }

    @Test func moreThanIsRememberedOnlyHoldsBack() throws {
        var core = try core()
        let asked = try take(1, of: &core)
        for _ in 0..<70 { core.giveBack(try take(1, of: &core), now: .origin) }
        core.reportUsage(bucket: "a", used: 20, answering: asked, now: .origin)
        #expect(used(&core) == 26)
    }
}
