import SeawallTime
import Testing

@testable import SeawallRateLimit

@Suite struct WaitTimeTests {
    private func at(_ seconds: Int64) -> MonotonicInstant { MonotonicInstant(nanoseconds: seconds * 1_000_000_000) }

    private func core(holding: Bool = false, waiters: Int = 10) throws -> RateLimiterCore {
        try RateLimiterCore(
            RateLimiterConfiguration(
                lanes: ["high", "low"],
                buckets: [
                    BucketConfiguration(
                        name: "a", scope: "ip", limit: 10, window: .seconds(10), marginPerMille: 1_000,
                        reserves: ["high": 2])
                ],
                maximumWaiters: waiters, holdsUntilSettled: holding))
    }

    @Test func whoWaitsGoesFirst() throws {
        var core = try core()
        #expect(core.tryAcquire(["a": 10], lane: "high", scopes: [], now: at(0)).grant != nil)
        #expect(core.waitTime(["a": 4], lane: "low", scopes: [], now: at(3)) == .seconds(7))
        guard case .waiting = core.acquire(["a": 6], lane: "high", scopes: [], deadline: nil, ticket: 1, now: at(3))
        else {
            Issue.record("it should wait")
            return
        }
        // Six go to the one that waits at 10, two are kept: four are there again at 20.
        #expect(core.waitTime(["a": 4], lane: "low", scopes: [], now: at(3)) == .seconds(17))
        // A call that shares nothing waits for nobody, and asking has changed nothing.
        #expect(core.waitTime([:], lane: "low", scopes: ["other"], now: at(3)) == .zero)
        #expect(core.status(now: at(3)).waiting == 1)
        #expect(core.status(now: at(3)).granted == 1)
        #expect(core.status(now: at(3)).refused == 0)
    }

    @Test func whatCanNeverGoHasNoWait() throws {
        var core = try core(waiters: 0)
        #expect(core.waitTime(["a": 9], lane: "low", scopes: [], now: at(0)) == nil)
        #expect(core.waitTime(["b": 1], lane: "low", scopes: [], now: at(0)) == nil)
        #expect(core.waitTime(["a": -1], lane: "low", scopes: [], now: at(0)) == nil)
        #expect(core.waitTime(["a": 1], lane: "low", scopes: [], now: at(0)) == .zero)
        core.gate("ip", until: at(5), now: at(0))
        #expect(core.waitTime(["a": 1], lane: "low", scopes: [], now: at(0)) == nil, "nobody may wait")
    }

    @Test func callsUnderWayAreTakenToEndNow() throws {
        var core = try core(holding: true)
        #expect(core.tryAcquire(["a": 10], lane: "high", scopes: [], now: at(0)).grant != nil)
        #expect(core.waitTime(["a": 1], lane: "high", scopes: [], now: at(4)) == .seconds(10))
    }

    @Test func whoGoesBeforeIsTakenToEndAtOnce() throws {
        var core = try core(holding: true)
        #expect(core.tryAcquire(["a": 10], lane: "high", scopes: [], now: at(0)).grant != nil)
        for ticket in UInt64(1)...3 {
            _ = core.acquire(["a": 6], lane: "high", scopes: [], deadline: nil, ticket: ticket, now: at(0))
        }
        #expect((1...3).map { core.waitTime(of: $0, now: at(4)) } == [.seconds(10), .seconds(20), .seconds(30)])
        #expect(core.waitTime(["a": 6], lane: "high", scopes: [], now: at(4)) == .seconds(40))
        #expect(core.status(now: at(4)).buckets[0].held == 10)
    }

    @Test func theFaceSaysTheSame() throws {
        let world = try LimiterWorld()
        #expect(world.limiter.waitTime(for: ["weight": 8], lane: "low") == .zero)
        _ = world.limiter.tryAcquire(["weight": 10], lane: "high")
        world.advance(.seconds(4))
        #expect(world.limiter.waitTime(for: ["weight": 8], lane: "low") == .seconds(6))
    }
}
