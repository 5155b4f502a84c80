import SeawallTime
import Testing

@testable import SeawallRateLimit

@Suite struct StatusTests {
    private func at(_ seconds: Int64) -> MonotonicInstant { MonotonicInstant(nanoseconds: seconds * 1_000_000_000) }

    @Test func utilisationIsOfTheVenuesLimitAndTheHighestCounts() throws {
        var core = try RateLimiterCore(
            RateLimiterConfiguration(
                lanes: ["high", "low"],
                buckets: [
                    BucketConfiguration(name: "a", limit: 10), BucketConfiguration(name: "b", limit: 100),
                ]))
        #expect(core.status(now: at(0)).utilisation == 0)
        #expect(core.status(now: at(0)).rejectionRate == 0)
        for _ in 0..<8 { _ = core.tryAcquire(["a": 1, "b": 2], lane: "high", scopes: [], now: at(0)) }
        for _ in 0..<8 { _ = core.tryAcquire(["a": 1, "b": 2], lane: "low", scopes: [], now: at(0)) }
        let status = core.status(now: at(0))
        #expect(status.buckets.map(\.utilisation) == [0.8, 0.16])
        #expect(status.utilisation == 0.8)
        #expect(status.lanes.map(\.rejectionRate) == [0, 1])
        #expect(status.rejectionRate == 0.5)
        #expect(status.granted == 8)
        #expect(status.refused == 8)
        core.reportUsage(bucket: "b", used: 150, now: at(0))
        #expect(core.status(now: at(0)).utilisation == 1.5)
    }

    @Test func aLimiterWithoutBucketsUsesNothing() throws {
        var core = try RateLimiterCore(RateLimiterConfiguration(lanes: ["only"], buckets: []))
        #expect(core.status(now: at(0)).utilisation == 0)
    }
}
