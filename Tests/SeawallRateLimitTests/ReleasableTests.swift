import SeawallTime
import Testing

@testable import SeawallRateLimit

/// Limits that fall before their window has passed: on orders, when an order fills.
@Suite struct ReleasableTests {
    private func core(holding: Bool = true) throws -> RateLimiterCore {
        let short = BucketConfiguration(
            name: "orders.10s", limit: 3, window: .seconds(10), marginPerMille: 1_000, isReleasable: true)
        let long = BucketConfiguration(
            name: "orders.1d", limit: 5, window: .seconds(86_400), marginPerMille: 1_000, isReleasable: true)
        let weight = BucketConfiguration(name: "weight", limit: 100, marginPerMille: 1_000)
        return try RateLimiterCore(
            RateLimiterConfiguration(
                lanes: ["only"], buckets: [short, long, weight], holdsUntilSettled: holding))
    }

    private let order: Charge = ["orders.10s": 1, "orders.1d": 1, "weight": 1]

    private func at(_ seconds: Int64) -> MonotonicInstant { MonotonicInstant(nanoseconds: seconds * 1_000_000_000) }

    private func take(_ core: inout RateLimiterCore, _ seconds: Int64) -> Grant? {
        core.tryAcquire(order, lane: "only", scopes: [], now: at(seconds)).grant
    }

    private func used(_ core: inout RateLimiterCore, _ seconds: Int64) -> [Int] {
        core.status(now: at(seconds)).buckets.map(\.used)
    }

    @Test(arguments: [true, false])
    func whatIsReleasedIsFreeInEveryReleasableBucketAndInNoOther(isHolding: Bool) throws {
        var core = try core(holding: isHolding)
        let grants = [take(&core, 0), take(&core, 1), take(&core, 2)].compactMap(\.self)
        for (second, grant) in grants.enumerated() { core.settle(grant, now: at(Int64(second) + 2)) }
        #expect(take(&core, 5) == nil)
        #expect(core.release(grants[1], now: at(5)) == true)
        #expect(used(&core, 5) == [2, 2, 3])
        #expect(take(&core, 5) != nil)
    }

    @Test(arguments: [true, false])
    func aSecondTimeOrAfterGivingBackOrTooLateItChangesNothing(isHolding: Bool) throws {
        var core = try core(holding: isHolding)
        let first = try #require(take(&core, 0))
        let second = try #require(take(&core, 0))
        let unused = try #require(take(&core, 0))
        core.giveBack(unused, now: at(0))
        if isHolding { #expect(core.release(first, now: at(0)) == false, "it has not ended") }
        core.settle(first, now: at(0))
        core.settle(second, now: at(0))
        #expect(core.release(unused, now: at(1)) == false)
        #expect(core.release(first, now: at(1)) == true)
        #expect(core.release(first, now: at(1)) == false)
        #expect(core.giveBack(first, now: at(1)) == false)
        #expect(used(&core, 1) == [1, 1, 2])
        // The short window has let the second go by itself; another's stay untouched there.
        let third = try #require(take(&core, 11))
        core.settle(third, now: at(11))
        #expect(core.release(second, now: at(12)) == true)
        #expect(used(&core, 12) == [1, 1, 3])
        #expect(core.release(third, now: at(100_000)) == false)
    }

    @Test func whatIsLeftAfterAReleaseLeavesNoSoonerForIt() throws {
        var core = try core()
        for second in Int64(0)..<3 {
            let grant = try #require(take(&core, second))
            core.settle(grant, now: at(second))
            if second == 2 { #expect(core.release(grant, now: at(2)) == true) }
        }
        // Which of them the venue has let go is not told: the oldest is, so that the others stay longest.
        #expect(used(&core, 10)[0] == 2)
        #expect(used(&core, 11)[0] == 1)
        #expect(used(&core, 12)[0] == 0)
    }

    @Test func theMemoryOfWhatMayBeReleasedIsBounded() throws {
        var core = try core()
        for second in Int64(0)..<2_000 {
            guard let grant = take(&core, second * 100_000) else { continue }
            core.settle(grant, now: at(second * 100_000))
        }
        #expect(core.releasableCount <= 128)
    }
}
