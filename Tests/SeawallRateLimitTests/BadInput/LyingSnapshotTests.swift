import SeawallTime
import Testing

@testable import SeawallRateLimit

/// Snapshots whose numbers add up to more than there are: they block, and mint nothing as they leave.
@Suite struct LyingSnapshotTests {
    @Test(arguments: BucketConfiguration.Shape.allCases)
    func spendingThatAddsUpToMoreThanThereAreNumbersBlocksUntilAllOfItHasLeft(
        shape: BucketConfiguration.Shape
    ) throws {
        let configuration = RateLimiterConfiguration(
            lanes: ["only"],
            buckets: [
                BucketConfiguration(
                    name: "a", limit: 10, window: .nanoseconds(10_000), marginPerMille: 1_000, shape: shape)
            ])
        let civil = CivilInstant(nanosecondsSinceEpoch: 0)
        var before = try RateLimiterCore(configuration)
        before.shutDown()
        var snapshot = before.snapshot(now: .origin, civilNow: civil)
        snapshot.buckets[0].spent = (0..<4_000).map { .init(amount: .max, age: $0) }
        snapshot.buckets[0].held = .max
        snapshot.buckets[0].reported = (0..<100).map { .init(amount: .max, age: $0) }
        var core = try RateLimiterCore(configuration, start: .origin)
        core.resume(snapshot, civilNow: civil)
        for now in stride(from: Int64(0), to: 10_000, by: 100) {
            #expect(core.status(now: MonotonicInstant(nanoseconds: now)).buckets[0].tokens == 0, "\(now)")
        }
        // A counter that falls takes as long as it was said to be high, and no longer than that of the highest number.
        let end = shape == .decay ? MonotonicInstant.distantFuture : MonotonicInstant(nanoseconds: 10_000)
        #expect(core.status(now: end).buckets[0].tokens == 10)
    }
}
