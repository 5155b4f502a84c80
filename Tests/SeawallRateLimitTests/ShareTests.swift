import SeawallTime
import Testing

@testable import SeawallRateLimit

/// Several processes on one key or address, each with its share.
@Suite struct ShareTests {
    private func configuration(
        _ shape: BucketConfiguration.Shape = .window, limit: Int = 900, processes: Int = 3
    ) -> RateLimiterConfiguration {
        RateLimiterConfiguration(
            lanes: ["only"],
            buckets: [
                BucketConfiguration(
                    name: "a", scope: "ip", limit: limit, window: .nanoseconds(1_000), marginPerMille: 1_000,
                    shape: shape)
            ],
            holdsUntilSettled: true
        ).shared(among: processes)
    }

    private func at(_ nanoseconds: Int64) -> MonotonicInstant { MonotonicInstant(nanoseconds: nanoseconds) }

    @Test func eachOfThreeGetsAThirdAndTogetherNoMoreThanAll() throws {
        let shared = configuration()
        #expect(shared.buckets[0].sharePerMille == 333)
        #expect(shared.buckets[0].capacity == 299)
        #expect(shared.buckets[0].wholeCapacity == 900)
        for limit in 3...2_000 {
            let shared = configuration(limit: limit)
            #expect(shared.buckets[0].capacity * 3 <= limit || limit < 4)
        }
        #expect(configuration(processes: 0).buckets[0].capacity == 900)
        #expect(configuration(processes: .min).buckets[0].capacity == 900)
    }

    @Test func burstsAndReservesShrinkWithTheShareAndStayValid() throws {
        var whole = configuration(processes: 1)
        whole.lanes = ["high", "low"]
        for processes in 1...100 {
            for burst in [nil, 900, 450, 100, 1] as [Int?] {
                whole.buckets[0].burst = burst
                whole.buckets[0].reserves = burst == 1 ? [:] : ["high": 50]
                let bucket = whole.shared(among: processes).buckets[0]
                try whole.shared(among: processes).validate()
                #expect((bucket.reserves["high"] ?? 0) * processes <= 50)
                #expect((bucket.reserves["high"] ?? 50) >= 50 * bucket.sharePerMille / 1_000)
                if let burst, let part = bucket.burst { #expect(part == 1 || part * processes <= burst) }
                #expect((bucket.burst == nil) == (burst == nil))
            }
        }
        #expect(whole.shared(among: 1) == whole)
        whole.buckets[0].burst = 300
        whole.buckets[0].reserves = ["high": 60]
        let half = whole.shared(among: 2).buckets[0]
        #expect(half.burst == 150)
        #expect(half.reserves == ["high": 30])
    }

    @Test func whatIsWrongIsNotMendedByAShareAndTheMessageNamesIt() {
        var bad = configuration(processes: 1)
        bad.lanes = ["high", "low"]
        bad.buckets[0].burst = 0
        bad.buckets[0].reserves = ["high": -1]
        let error = #expect(throws: RateLimitError.self) { try bad.shared(among: 3).validate() }
        #expect(
            error?.details == [
                "buckets[0].burst is 0, expected 1 to 299 (limit × marginPerMille × sharePerMille / 10^6)",
                "buckets[0].reserves[high] is -1, expected 0 or more",
            ])
    }

    @Test func onlyTheScopesThatAreNamedAreShared() {
        let shared = RateLimiterConfiguration.example.shared(among: 2, scopes: ["ip"])
        #expect(shared.buckets.map(\.sharePerMille) == [500, 1_000])
    }

    @Test(arguments: [Int.min, -1, 0, 1_001, .max])
    func aShareOutOfRangeOrOfNothingMakesNoLimiter(share: Int) {
        var bad = configuration()
        bad.buckets[0].sharePerMille = share
        let error = #expect(throws: RateLimitError.self) { try bad.validate() }
        #expect(error?.details == ["buckets[0].sharePerMille is \(share), expected 1 to 1000"])
        #expect(bad.buckets[0].capacity >= 1)
        let small = configuration(limit: 2)
        let nothing = #expect(throws: RateLimitError.self) { try small.validate() }
        #expect(
            nothing?.details == ["buckets[0].sharePerMille is 333, expected a share that leaves at least 1 of 2"])
        let none = configuration(processes: 2_000)
        #expect(throws: RateLimitError.self) { try none.validate() }
    }

    @Test(arguments: BucketConfiguration.Shape.allCases)
    func whatOthersUseOfTheirsTakesNothingOfOurs(shape: BucketConfiguration.Shape) throws {
        var core = try RateLimiterCore(configuration(shape))
        let grant = try #require(core.tryAcquire(["a": 99], lane: "only", scopes: [], now: at(0)).grant)
        // All that the two others may use, and our own.
        core.reportUsage(bucket: "a", used: 699, answering: grant, now: at(1))
        core.settle(grant, now: at(1))
        #expect(core.status(now: at(1)).buckets[0].used == 699)
        #expect(core.status(now: at(1)).buckets[0].tokens == 200)
        #expect(core.tryAcquire(["a": 200], lane: "only", scopes: [], now: at(1)).grant != nil)
        #expect(core.tryAcquire(["a": 2], lane: "only", scopes: [], now: at(1)).grant == nil)
    }

    @Test(arguments: BucketConfiguration.Shape.allCases)
    func whatOthersUseOverTheirsDoes(shape: BucketConfiguration.Shape) throws {
        var core = try RateLimiterCore(configuration(shape))
        core.reportUsage(bucket: "a", used: 890, now: at(0))
        #expect(core.tryAcquire(["a": 11], lane: "only", scopes: [], now: at(0)).grant == nil)
        #expect(core.tryAcquire(["a": 10], lane: "only", scopes: [], now: at(0)).grant != nil)
        #expect(core.tryAcquire(["a": 1], lane: "only", scopes: [], now: at(0)).grant == nil)
    }

    @Test(arguments: BucketConfiguration.Shape.allCases)
    func whoFollowsAnotherAssumesThatItHasUsedItsShare(shape: BucketConfiguration.Shape) throws {
        var configuration = configuration(shape)
        configuration.followsAnother = true
        var core = try RateLimiterCore(configuration)
        #expect(core.status(now: at(0)).buckets[0].tokens == 299 / 5)
        #expect(core.status(now: at(1_000)).buckets[0].tokens == 299)
        configuration.buckets[0].marginPerMille = 700
        core = try RateLimiterCore(configuration)
        // 270 are left of the limit, of which a third is ours.
        #expect(core.status(now: at(0)).buckets[0].tokens == 89)
    }

    /// A counter that falls and is shared, of which all have used so much, among it what we hold.
    private func told(_ used: Int, holding: Int = 0) throws -> RateLimiterCore {
        var core = try RateLimiterCore(configuration(.decay, limit: 20, processes: 2))
        if holding > 0 {
            #expect(core.tryAcquire(["a": holding], lane: "only", scopes: [], now: at(0)).grant != nil)
        }
        core.reportUsage(bucket: "a", used: used, now: at(0))
        return core
    }

    @Test(arguments: [(BucketConfiguration.Shape.decay, 0), (.decay, 3), (.window, 0), (.window, 3), (.fixed, 1)])
    func whatAllHaveUsedIsKnownUnderAnotherShare(shape: BucketConfiguration.Shape, held: Int) throws {
        var core = try told(17, holding: held)
        var changed = core.configuration.buckets[0]
        changed.sharePerMille = 1_000
        changed.shape = shape
        try core.update(changed, now: at(0))
        #expect(core.status(now: at(0)).buckets[0].used >= 17 + held)
        #expect(core.tryAcquire(["a": 4 - held], lane: "only", scopes: [], now: at(0)).grant == nil)
    }

    @Test(arguments: [0, 3])
    func whatAllHaveUsedIsKnownAfterARestart(held: Int) throws {
        let civil = CivilInstant(nanosecondsSinceEpoch: 1_700_000_000_000_000_000)
        for elapsed in [Int64(0), 250] {
            var core = try told(17, holding: held)
            core.shutDown()
            let snapshot = core.snapshot(now: at(0), civilNow: civil)
            let then = at(elapsed)
            var next = try RateLimiterCore(core.configuration, start: then)
            next.resume(snapshot, civilNow: civil.advanced(by: .nanoseconds(elapsed)))
            // A unit falls off in 50 ns; what was held may have come only now.
            let left = 20 - 17 + Int(elapsed) / 50 - held
            #expect(next.status(now: then).buckets[0].tokens == min(10 - held, left))
        }
    }

    /// One that was written before the count of all was.
    @Test func aSnapshotWithoutTheCountOfAllIsReadAsItIs() throws {
        let civil = CivilInstant(nanosecondsSinceEpoch: 1_700_000_000_000_000_000)
        var core = try told(17, holding: 3)
        core.shutDown()
        var snapshot = core.snapshot(now: at(0), civilNow: civil)
        snapshot.buckets[0].reported = []
        var next = try RateLimiterCore(core.configuration, start: at(0))
        next.resume(snapshot, civilNow: civil)
        #expect(next.status(now: at(0)).buckets[0].used == 3)
    }

    @Test(arguments: [BucketConfiguration.Shape.window, .fixed])
    func aShareIsUsedToTheFullWhileTheOthersUseTheirs(shape: BucketConfiguration.Shape) throws {
        var core = try RateLimiterCore(configuration(shape))
        for window in Int64(0)..<5 {
            let grant = try #require(
                core.tryAcquire(["a": 299], lane: "only", scopes: [], now: at(window * 1_000)).grant)
            core.settle(grant, now: at(window * 1_000))
            #expect(core.tryAcquire(["a": 1], lane: "only", scopes: [], now: at(window * 1_000)).grant == nil)
            core.reportUsage(bucket: "a", used: 599, now: at(window * 1_000 + 1))
        }
    }

    /// Several limiters that know nothing of each other, and one venue that counts all that arrives.
    @Test(arguments: NaiveVenueCounter.Shape.allCases, 2...4)
    func severalProcessesTogetherOverrunNoWindowAndEachHasItsShare(
        shape: NaiveVenueCounter.Shape, processes: Int
    ) throws {
        for seed in 0..<2 {
            var random = SeededGenerator(seed: UInt64(seed), stream: "share")
            let configuration = configuration(shape.bucket, limit: 40, processes: processes)
            var cores = try (0..<processes).map { _ in try RateLimiterCore(configuration) }
            var venue = NaiveVenueCounter(shape: shape, window: 1_000, limit: 40)
            var granted = Array(repeating: 0, count: processes)
            var now: Int64 = 0
            while now < 5_000 {
                now += Int64(random.below(40))
                let one = Int(random.below(UInt64(processes)))
                let answer = cores[one].tryAcquire(["a": 1], lane: "only", scopes: [], now: at(now))
                guard let grant = answer.grant else { continue }
                granted[one] += 1
                venue.arrivals.append((now, 1))
                cores[one].reportUsage(bucket: "a", used: venue.used(at: now), answering: grant, now: at(now))
                cores[one].settle(grant, now: at(now))
            }
            #expect(!venue.everExceeds(40))
            // Of the share of five windows: what the server has said stands for a window, and nobody asks at every instant.
            let share = configuration.buckets[0].capacity
            #expect(granted.allSatisfy { $0 >= share * 5 / 2 }, "\(shape) \(granted) of \(share * 5)")
        }
    }
}
