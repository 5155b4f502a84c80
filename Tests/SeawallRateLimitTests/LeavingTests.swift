import SeawallTime
import Testing

@testable import SeawallRateLimit

/// Nobody opens what he cannot afford to close.
@Suite struct LeavingTests {
    private func at(_ seconds: Int64) -> MonotonicInstant { MonotonicInstant(nanoseconds: seconds * 1_000_000_000) }

    private func core() throws -> RateLimiterCore {
        try RateLimiterCore(
            RateLimiterConfiguration(
                lanes: ["cancel", "open"],
                buckets: [
                    BucketConfiguration(
                        name: "weight", limit: 10, window: .seconds(10), marginPerMille: 1_000,
                        reserves: ["cancel": 2]),
                    BucketConfiguration(name: "cancels", limit: 5, window: .seconds(10), marginPerMille: 1_000),
                ]))
    }

    @Test func aCallGoesOnlyWhereWhatItNamesIsLeftAfterIt() throws {
        var core = try core()
        var opened = 0
        // Each open order needs a cancel of weight 1.
        while core.tryAcquire(
            Charge(weights: ["weight": 1], key: "", leaving: ["weight": opened + 1]), lane: "open", scopes: [],
            now: at(0)
        ).grant != nil { opened += 1 }
        #expect(opened == 5)
        for _ in 0..<opened {
            #expect(core.tryAcquire(["weight": 1], lane: "cancel", scopes: [], now: at(0)).grant != nil)
        }
    }

    @Test func whatIsLeftAndWhatIsKeptForHigherLanesAreTheSameTokens() throws {
        var core = try core()
        let charge = Charge(weights: ["weight": 8], key: "", leaving: ["weight": 2])
        #expect(core.tryAcquire(charge, lane: "open", scopes: [], now: at(0)).grant != nil)
    }

    @Test func aBucketThatIsNotChargedCanBeNamed() throws {
        var core = try core()
        #expect(core.tryAcquire(["cancels": 3], lane: "cancel", scopes: [], now: at(0)).grant != nil)
        let charge = Charge(weights: ["weight": 1], key: "", leaving: ["cancels": 3])
        let refusal = core.tryAcquire(charge, lane: "open", scopes: [], now: at(1)).refusal
        #expect(refusal == Refusal(code: .noTokens, subject: "cancels", until: at(10)))
        #expect(core.status(now: at(1)).buckets[0].used == 0)
    }

    @Test func whatCanNeverBeLeftIsRefusedAtOnce() throws {
        var core = try core()
        for (leaving, code) in [(3, RateLimitError.Code.cannotBeLeft), (.max, .cannotBeLeft), (-1, .invalidWeight)] {
            let charge = Charge(weights: ["weight": 8], key: "", leaving: ["weight": leaving])
            #expect(core.tryAcquire(charge, lane: "open", scopes: [], now: at(0)).refusal?.code == code)
        }
        let unknown = Charge(weights: ["weight": 1], key: "", leaving: ["nothing": 1])
        #expect(core.tryAcquire(unknown, lane: "open", scopes: [], now: at(0)).refusal?.code == .unknownBucket)
    }
}
