import SeawallTime
import Testing

@testable import SeawallRateLimit

/// Calls that are understood once, and answered without the lock where nothing else happens.
@Suite struct PreparedCallTests {
    private static let window = Duration.seconds(1_024)

    /// Slots of a little more than a second each; `small` counts every instant.
    private static func configuration(limit: Int = 4_000, burst: Int? = nil) -> RateLimiterConfiguration {
        RateLimiterConfiguration(
            lanes: ["high", "low"],
            buckets: [
                BucketConfiguration(
                    name: "large", scope: "ip", limit: limit, window: window, marginPerMille: 1_000, burst: burst,
                    reserves: ["high": 100]),
                BucketConfiguration(name: "other", limit: 9_000, window: window, marginPerMille: 1_000),
                BucketConfiguration(name: "small", limit: 10, window: window, marginPerMille: 1_000),
            ])
    }

    private static func limiter(
        _ configuration: RateLimiterConfiguration = configuration()
    ) throws -> (RateLimiter, ManualTime) {
        let time = ManualTime()
        // Where a slot ends there is nothing to lease.
        time.advance(by: .milliseconds(100))
        let limiter = try RateLimiter(configuration: configuration, environment: RuntimeEnvironment(time: time))
        return (limiter, time)
    }

    private func isLeased(_ limiter: RateLimiter) -> Bool { limiter.state.withLock { $0.prepared.standing != nil } }

    /// Two limiters, the same questions: one is asked by name, the other by what was prepared.
    @Test(arguments: 0..<20)
    func answersAsTheLimiterDoesWhateverHappensBetween(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed), stream: "prepared")
        let configuration = Self.configuration(limit: 3_000, burst: seed % 3 == 0 ? 1_500 : nil)
        let (named, firstTime) = try Self.limiter(configuration)
        let (prepared, secondTime) = try Self.limiter(configuration)
        let asked: [(charge: Charge, lane: Lane)] = [
            (["large": 3], "low"), (["large": 7, "other": 20], "high"), (["small": 1], "low"),
            (Charge(weights: ["other": 40], key: "", leaving: ["large": 500]), "low"),
        ]
        let calls = try asked.map { try prepared.prepare($0.charge, lane: $0.lane) }
        var grants: [(named: Grant, call: Int, permit: PreparedCall.Permit)] = []
        var leased = 0
        for step in 0..<400 {
            // Mostly many of one kind in a row, so that they are leased.
            let kind = Int(random.below(UInt64(asked.count)))
            for _ in 0..<Int(random.below(30)) {
                let expected = named.tryAcquire(asked[kind].charge, lane: asked[kind].lane)
                let found = calls[kind].tryAcquire()
                try #require(expected.refusal == found.refusal, "\(seed) \(step)")
                if let grant = expected.grant, let permit = found.permit {
                    try #require(grant.instant == permit.instant)
                    try #require(grant.id == permit.id)
                    grants.append((grant, kind, permit))
                }
                if random.chance(0.2) {
                    let pause = Duration.milliseconds(Int64(random.below(400)))
                    firstTime.advance(by: pause)
                    secondTime.advance(by: pause)
                }
            }
            if isLeased(prepared) { leased += 1 }
            switch random.below(8) {
            case 0, 1:
                guard !grants.isEmpty else { break }
                let (grant, call, permit) = grants.remove(at: Int(random.below(UInt64(grants.count))))
                named.giveBack(grant)
                calls[call].giveBack(permit)
                calls[call].giveBack(permit)
            case 2:
                let end = firstTime.now.advanced(by: .seconds(Int64(random.below(40))))
                named.gate(scope: "ip", until: end)
                prepared.gate(scope: "ip", until: end)
            case 3:
                guard let (grant, call, permit) = grants.last else { break }
                let said = Int(random.below(2_500))
                named.reportUsage(bucket: "large", used: said, answering: grant)
                prepared.reportUsage(bucket: "large", used: said, answering: calls[call].grant(of: permit))
            case 4:
                try #require(
                    named.waitTime(for: ["large": 900], lane: "low")
                        == prepared.waitTime(for: ["large": 900], lane: "low"))
            case 5: try #require(named.status == prepared.status, "\(seed) \(step)")
            case 6:
                let pause = Duration.seconds(Int64(random.below(200)))
                firstTime.advance(by: pause)
                secondTime.advance(by: pause)
            default:
                var bucket = configuration.buckets[0]
                bucket.limit = 2_000 + Int(random.below(3_000))
                try named.update(bucket)
                try prepared.update(bucket)
            }
        }
        #expect(named.status == prepared.status)
        #expect(leased > 20)
    }

    @Test func aLeaseIsUsedAndWhatIsLeftOfItGoesBack() throws {
        let (limiter, _) = try Self.limiter()
        let call = try limiter.prepare(["large": 2, "other": 1], lane: "low")
        for _ in 0..<5 { #expect(call.tryAcquire().permit != nil) }
        #expect(isLeased(limiter))
        // Everything that low may have is handed out, and yet nobody else sees it gone.
        let status = limiter.status
        #expect(!isLeased(limiter))
        #expect(status.buckets.map(\.used) == [10, 5, 0])
        #expect(status.granted == 5)
        #expect(limiter.tryAcquire(["large": 3_890], lane: "low").grant != nil)
        #expect(limiter.tryAcquire(["large": 1], lane: "low").refusal?.code == .noTokens)
    }

    @Test func aLeaseEndsWithItsSlotAndGoesNoFurtherThanTheReserve() throws {
        let (limiter, time) = try Self.limiter()
        let call = try limiter.prepare(["large": 1], lane: "low")
        var granted = 0
        while call.tryAcquire().permit != nil { granted += 1 }
        #expect(granted == 3_900)
        #expect(limiter.tryAcquire(["large": 100], lane: "high").grant != nil)
        let until = try #require(call.tryAcquire().refusal?.until)
        time.advance(to: until.advanced(by: .nanoseconds(-1)))
        #expect(call.tryAcquire().refusal?.until == until)
        #expect(call.tryAcquire().refusal?.until == until)
        time.advance(to: until)
        #expect(call.tryAcquire().permit?.instant == until)
    }

    @Test func whoeverWaitsOrClosesAGateOrEndsItIsSeenAtOnce() throws {
        let (limiter, time) = try Self.limiter()
        let call = try limiter.prepare(["large": 1], lane: "low")
        for _ in 0..<3 { _ = call.tryAcquire() }
        #expect(isLeased(limiter))
        limiter.gate(scope: "ip", until: time.now.advanced(by: .seconds(5)))
        #expect(call.tryAcquire().refusal?.code == .gated)
        time.advance(by: .seconds(5))
        for _ in 0..<3 { #expect(call.tryAcquire().permit != nil) }
        #expect(isLeased(limiter))
        limiter.shutdown()
        #expect(call.tryAcquire().refusal?.code == .shutDown)
    }

    @Test func aRefusalStandsUntilAnythingHappens() throws {
        let (limiter, _) = try Self.limiter()
        let call = try limiter.prepare(["small": 10], lane: "low")
        let permit = try #require(call.tryAcquire().permit)
        for _ in 0..<4 { #expect(call.tryAcquire().refusal?.subject == "small") }
        #expect(isLeased(limiter))
        #expect(limiter.status.refused == 4)
        call.giveBack(permit)
        #expect(call.tryAcquire().permit != nil)
        #expect(limiter.status.refused == 4)
    }

    @Test func aTimeThatGoesBackMintsNothing() throws {
        let (limiter, time) = try Self.limiter()
        let call = try limiter.prepare(["large": 1], lane: "low")
        time.advance(by: .seconds(600))
        let before = time.now
        for _ in 0..<3 { #expect(call.tryAcquire(at: before).permit != nil) }
        let earlier = before.advanced(by: .seconds(-500))
        for _ in 0..<3_897 { try #require(call.tryAcquire(at: earlier).permit?.instant == before) }
        #expect(call.tryAcquire(at: earlier).refusal != nil)
        #expect(limiter.status.buckets[0].used == 3_900)
    }

    @Test func theCoarseClockIsAskedOnlyWhereItSuffices() throws {
        let (limiter, time) = try Self.limiter()
        let call = try limiter.prepare(["large": 1], lane: "low", clock: .coarse)
        for _ in 0..<3 { _ = call.tryAcquire() }
        let end = try #require(
            limiter.state.withLock { state -> Int64? in
                guard case .lease(let lease) = state.prepared.standing?.content else { return nil }
                return lease.end
            })
        // So near to the end a reading that lags could be of the next slot.
        time.advance(to: MonotonicInstant(nanoseconds: end - 9_999_999))
        _ = call.tryAcquire()
        let stands = limiter.state.withLock { state -> Int64? in
            guard case .lease(let lease) = state.prepared.standing?.content else { return nil }
            return lease.end
        }
        #expect(stands != end)
    }

    @Test func whatCannotBePreparedIsToldAtOnce() throws {
        var configuration = Self.configuration()
        configuration.buckets += (0..<3).map { BucketConfiguration(name: "more\($0)") }
        let (limiter, _) = try Self.limiter(configuration)
        func code(_ charge: Charge, _ lane: Lane = "low") -> RateLimitError.Code? {
            do throws(RateLimitError) {
                _ = try limiter.prepare(charge, lane: lane)
                return nil
            } catch { return error.code }
        }
        #expect(code(["nowhere": 1]) == .unknownBucket)
        #expect(code(["large": 1], "nobody") == .unknownLane)
        #expect(code(["large": -1]) == .invalidWeight)
        #expect(code(["large": 3_901]) == .weightOverBurst)
        #expect(code(["large": 3_901], "high") == nil)
        #expect(code(["large": 1, "other": 1, "small": 1, "more0": 1]) == nil)
        #expect(code(["large": 1, "other": 1, "small": 1, "more0": 1, "more1": 1]) == .tooManyBuckets)
        #expect(limiter.state.withLock { $0.prepared.entries.compactMap { $0 }.isEmpty })
    }

    @Test func limitsThatChangeAndCountersThatWereForgottenAreFollowed() throws {
        var configuration = Self.configuration()
        configuration.buckets[0].isPerKey = true
        configuration.maximumKeys = 1
        let (limiter, time) = try Self.limiter(configuration)
        let call = try limiter.prepare(Charge(weights: ["large": 3_900], key: "x"), lane: "low")
        let old = try #require(call.tryAcquire().permit)
        #expect(call.tryAcquire().permit == nil)
        time.advance(by: .seconds(1_030))
        // Another key takes the place of the first, which is forgotten.
        #expect(limiter.tryAcquire(Charge(weights: ["large": 1], key: "y"), lane: "low").grant != nil)
        #expect(call.tryAcquire().refusal?.code == .tooManyKeys)
        time.advance(by: .seconds(1_030))
        #expect(call.tryAcquire().permit != nil)
        call.giveBack(old)
        #expect(call.tryAcquire().permit == nil)
        configuration.buckets[0].limit = 2_000
        try limiter.update(configuration.buckets[0])
        #expect(call.tryAcquire().refusal?.code == .weightOverBurst)
    }
}
