import SeawallTime
import Synchronization
import Testing

@testable import SeawallRateLimit

/// Calls that were understood before, and calls from many threads at once.
@Suite struct UnderstandingTests {
    private static func configuration(buckets: Int, limit: Int) -> RateLimiterConfiguration {
        RateLimiterConfiguration(
            lanes: ["high", "low"],
            buckets: (0..<buckets).map {
                BucketConfiguration(name: "b\($0)", limit: limit, window: .seconds(3_600), marginPerMille: 1_000)
            })
    }

    private let start = MonotonicInstant.origin

    @Test func aCallThatWasUnderstoodIsJudgedByLimitsThatCameLater() throws {
        var core = try RateLimiterCore(Self.configuration(buckets: 1, limit: 20))
        let charge: Charge = ["b0": 6]
        #expect(core.tryAcquire(charge, lane: "low", scopes: [], now: start).grant != nil)
        var bucket = Self.configuration(buckets: 1, limit: 5).buckets[0]
        try core.update(bucket, now: start)
        #expect(core.tryAcquire(charge, lane: "low", scopes: [], now: start).refusal?.code == .weightOverBurst)
        bucket.limit = 30
        try core.update(bucket, now: start)
        #expect(core.tryAcquire(charge, lane: "low", scopes: [], now: start).grant != nil)
        core.shutDown()
        #expect(core.tryAcquire(charge, lane: "low", scopes: [], now: start).refusal?.code == .shutDown)
    }

    @Test func callsThatDifferInAnythingAreToldApart() throws {
        var core = try RateLimiterCore(Self.configuration(buckets: 1, limit: 10))
        core.gate("shut", until: MonotonicInstant(nanoseconds: 5), now: start)
        #expect(core.tryAcquire(["b0": 1], lane: "low", scopes: [], now: start).grant != nil)
        #expect(core.tryAcquire(["b0": 1], lane: "low", scopes: ["shut"], now: start).grant == nil)
        #expect(core.tryAcquire(["b0": 1], lane: "nowhere", scopes: [], now: start).grant == nil)
        #expect(core.tryAcquire(["b0": 9], lane: "low", scopes: [], now: start).grant != nil)
        #expect(core.tryAcquire(["b0": 1], lane: "low", scopes: [], now: start).grant == nil)
        let grants = core.status(now: start).lanes.map(\.granted)
        #expect(grants == [0, 2])
    }

    @Test func aCallAboutAKeyIsNotLedToAnotherKeysCounter() throws {
        var configuration = Self.configuration(buckets: 1, limit: 10)
        configuration.buckets[0].isPerKey = true
        configuration.maximumKeys = 1
        var core = try RateLimiterCore(configuration)
        let later = start.advanced(by: .seconds(3_600))
        let (first, second) = (Charge(weights: ["b0": 10], key: "x"), Charge(weights: ["b0": 10], key: "y"))
        #expect(core.tryAcquire(first, lane: "low", scopes: [], now: start).grant != nil)
        #expect(core.tryAcquire(second, lane: "low", scopes: [], now: later).grant != nil)
        #expect(core.tryAcquire(first, lane: "low", scopes: [], now: later).refusal?.code == .tooManyKeys)
    }

    @Test func whatIsRememberedOfCallsIsBounded() throws {
        var core = try RateLimiterCore(Self.configuration(buckets: 1, limit: 1_000_000))
        for weight in 1...2_000 {
            _ = core.tryAcquire(Charge(weights: ["b0": weight]), lane: "low", scopes: [], now: start)
        }
        #expect(core.understood.count <= RateLimiterCore.mostUnderstood)
    }

    @Test func aCallOfManyBucketsTakesAndGivesBackInEach() throws {
        var core = try RateLimiterCore(Self.configuration(buckets: 7, limit: 10))
        let charge = Charge(weights: Dictionary(uniqueKeysWithValues: (0..<7).map { ("b\($0)", $0 + 1) }))
        for _ in 0..<2 {
            let grant = try #require(core.tryAcquire(charge, lane: "low", scopes: [], now: start).grant)
            #expect(core.status(now: start).buckets.map(\.used) == [1, 2, 3, 4, 5, 6, 7])
            #expect(core.tryAcquire(charge, lane: "low", scopes: [], now: start).grant == nil)
            #expect(core.giveBack(grant, now: start) == true)
            #expect(core.status(now: start).buckets.map(\.used) == [0, 0, 0, 0, 0, 0, 0])
        }
    }

    /// What threads saw can be put in one order that the core itself would have answered so, and that keeps the order of
    /// calls that did not overlap.
    @Test func answersToThreadsAreThoseOfOneOrder() async throws {
        struct Answer: Sendable {
            var began: Int
            var ended: Int
            var weight: Int
            var grant: Grant?
        }
        final class Ticks: Sendable {
            private let count = Atomic<Int>(0)
            func next() -> Int { count.add(1, ordering: .sequentiallyConsistent).newValue }
        }
        let configuration = Self.configuration(buckets: 1, limit: 400)
        for _ in 0..<5 {
            let limiter = try RateLimiter(configuration: configuration)
            let ticks = Ticks()
            let answers = await withTaskGroup(of: [Answer].self) { group in
                for task in 0..<4 {
                    group.addTask {
                        (0..<60).map { step in
                            let weight = 1 + (task + step) % 3
                            let began = ticks.next()
                            let grant = limiter.tryAcquire(["b0": weight], lane: "low").grant
                            return Answer(began: began, ended: ticks.next(), weight: weight, grant: grant)
                        }
                    }
                }
                return await group.reduce(into: []) { $0 += $1 }
            }
            let granted = answers.filter { $0.grant != nil }.sorted { ($0.grant?.id ?? 0) < ($1.grant?.id ?? 0) }
            for (first, second) in zip(granted, granted.dropFirst()) { #expect(first.began < second.ended) }
            var sum = 0
            for answer in granted { sum += answer.weight }
            #expect(sum <= 400)
            // Who was refused found less than it asked for, left by those that had begun before it ended.
            for answer in answers where answer.grant == nil {
                let before = granted.filter { $0.began < answer.ended }.reduce(0) { $0 + $1.weight }
                #expect(before + answer.weight > 400)
            }
            #expect(answers.contains { $0.grant == nil })
            #expect(sum >= 398)
        }
    }
}
