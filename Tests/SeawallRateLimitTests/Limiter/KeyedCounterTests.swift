import SeawallTime
import Testing

@testable import SeawallRateLimit

/// Counters of keys: forgotten when they are idle and too many, never while anything of theirs matters.
@Suite struct KeyedCounterTests {
    private func at(_ seconds: Int64) -> MonotonicInstant { MonotonicInstant(nanoseconds: seconds * 1_000_000_000) }

    private func core(
        _ names: [String] = ["a"], keys: Int, limit: Int = 2, window: Duration = .seconds(10), holding: Bool = false
    ) throws -> RateLimiterCore {
        try RateLimiterCore(
            RateLimiterConfiguration(
                lanes: ["only"], buckets: names.map { Self.bucket($0, limit: limit, window: window) },
                maximumKeys: keys, holdsUntilSettled: holding))
    }

    private static func bucket(_ name: String, limit: Int, window: Duration) -> BucketConfiguration {
        BucketConfiguration(
            name: name, limit: limit, window: window, marginPerMille: 1_000, isPerKey: true, isReleasable: true)
    }

    private func take(
        _ core: inout RateLimiterCore, _ weights: [String: Int], _ key: String, _ second: Int64
    ) -> Decision {
        core.tryAcquire(Charge(weights: weights, key: key), lane: "only", scopes: [], now: at(second))
    }

    @Test func whatWasTakenOfAForgottenCounterIsNotGivenBackToTheNextInItsPlace() throws {
        var core = try core(keys: 1)
        let late = try #require(take(&core, ["a": 2], "x", 0).grant)
        #expect(take(&core, ["a": 2], "y", 11).grant != nil)
        #expect(core.buckets.count == 2, "it has the same place")
        // By the window as it is now the first would still be counted.
        try core.update(Self.bucket("a", limit: 2, window: .seconds(60)), now: at(12))
        core.giveBack(late, now: at(13))
        #expect(core.status(now: at(13)).buckets.map(\.used) == [2])
        #expect(take(&core, ["a": 1], "y", 13).grant == nil)
    }

    @Test func whatWasTakenOfAForgottenCounterIsNotReleasedFromTheNextInItsPlace() throws {
        var core = try core(keys: 1)
        let late = try #require(take(&core, ["a": 2], "x", 0).grant)
        try core.update(Self.bucket("a", limit: 2, window: .seconds(2)), now: at(1))
        #expect(take(&core, ["a": 2], "y", 3).grant != nil)
        try core.update(Self.bucket("a", limit: 2, window: .seconds(10)), now: at(4))
        core.release(late, now: at(5))
        #expect(core.status(now: at(5)).buckets.map(\.used) == [2])
    }

    @Test func anAnswerToACallOfAForgottenCounterIsNoLowerCountOfTheNext() throws {
        var core = try core(keys: 1)
        for second in [Int64(0), 10] { #expect(take(&core, ["a": 2], "x", second).grant != nil) }
        let late = try #require(take(&core, ["a": 2], "x", 20).grant)
        #expect(take(&core, ["a": 1], "y", 30).grant != nil)
        // The key is new again; what its counter had settled before says nothing of this one.
        core.advance(to: at(40))
        core.reportUsage(bucket: "a", used: 2, key: "x", answering: late, now: at(40))
        #expect(take(&core, ["a": 1], "x", 40).grant == nil)
    }

    @Test func aCallDoesNotForgetACounterThatItChargesItself() throws {
        var core = try core(["a", "b"], keys: 2)
        for key in ["x", "y"] { #expect(take(&core, ["a": 1], key, 0).grant != nil) }
        // Both are idle; one of them is to be charged beside a new one.
        #expect(take(&core, ["a": 2, "b": 2], "x", 20).grant != nil)
        #expect(take(&core, ["a": 1], "x", 21).refusal?.code == .noTokens)
        #expect(take(&core, ["b": 1], "x", 21).refusal?.code == .noTokens)
        #expect(take(&core, ["a": 1], "z", 21).refusal?.code == .tooManyKeys)
    }

    @Test func countersThatCannotBeRestoredAreAssumedToBeUsed() throws {
        var before = try core(keys: 3, limit: 10)
        for key in ["x", "y", "z"] { #expect(take(&before, ["a": 10], key, 0).grant != nil) }
        before.shutDown()
        let civil = CivilInstant(nanosecondsSinceEpoch: 0)
        let snapshot = before.snapshot(now: at(1), civilNow: civil)
        var next = try RateLimiterCore(
            RateLimiterConfiguration(
                lanes: ["only"], buckets: [Self.bucket("a", limit: 10, window: .seconds(10))], maximumKeys: 2),
            start: at(2))
        next.resume(snapshot, civilNow: civil)
        #expect(take(&next, ["a": 1], "z", 3).refusal?.code == .tooManyKeys)
        // Two have left, and the third comes: what it had used is not known any more.
        #expect(take(&next, ["a": 3], "z", 11).refusal?.code == .noTokens)
        #expect(take(&next, ["a": 10], "z", 13).grant != nil)
    }

    // MARK: What it costs

    /// Keys come and go: for each that is new, no more is looked at than has been used since.
    @Test(arguments: [true, false])
    func tenThousandKeysThatComeAndGoCostNoMoreLooksThanUses(isHolding: Bool) throws {
        var core = try core(keys: 10_000, window: .nanoseconds(20_000_000_000_000), holding: isHolding)
        var uses = 0
        var open: [Grant] = []
        var refused = 0
        // A key a second, 20,000 of them in a window, half of which there is room for.
        for second in Int64(0)..<25_000 {
            uses += 1
            let decision = take(&core, ["a": 1], "\(second)", second)
            if decision.refusal?.code == .tooManyKeys { refused += 1 }
            if let grant = decision.grant, isHolding { open.append(grant) }
            if isHolding, second % 3 == 2, !open.isEmpty {
                core.settle(open.removeFirst(), now: at(second))
                uses += 1
            }
        }
        #expect(refused > 5_000)
        #expect(core.keyed.places.count == 10_000)
        #expect(core.keyed.lookCount <= 2 * uses, "\(core.keyed.lookCount) looks")
    }

    /// Those that are there are used again and again, and new ones ask in vain.
    @Test func newKeysThatAskInVainLookAtNothingAgainAndAgain() throws {
        var core = try core(keys: 1_000, limit: 1_000_000)
        for key in 0..<1_000 { #expect(take(&core, ["a": 1], "\(key)", 0).grant != nil) }
        var uses = 1_000
        for step in 0..<10_000 {
            let second = Int64(step / 1_000)
            #expect(take(&core, ["a": 1], "\(step % 1_000)", second).grant != nil)
            #expect(take(&core, ["a": 1], "new \(step)", second).refusal?.code == .tooManyKeys)
            uses += 2
        }
        #expect(core.keyed.lookCount <= uses / 3, "\(core.keyed.lookCount) looks")
    }

    // MARK: What is forgotten

    /// A limiter with room for few keys answers as one with room for all, and refuses a key only where all are in use.
    @Test(arguments: [true, false], 0..<12)
    func whatIsForgottenWasNotInUse(isHolding: Bool, seed: Int) throws {
        var pair = try Pair(holding: isHolding, seed: UInt64(seed))
        for step in 0..<400 { try pair.step("seed \(seed) step \(step)") }
        #expect(pair.refusals > 0)
        #expect(pair.core.keyed.lookCount > 0)
    }

    private struct Pair {
        static let room = 4

        var core: RateLimiterCore
        var roomy: RateLimiterCore
        var random: SeededGenerator
        var now: Int64 = 0
        var ticket: UInt64 = 0
        var grants: [(few: Grant, all: Grant)] = []
        var refusals = 0

        init(holding: Bool, seed: UInt64) throws {
            var configuration = RateLimiterConfiguration(
                lanes: ["high", "low"],
                buckets: [
                    BucketConfiguration(
                        name: "d", limit: 5, window: .nanoseconds(80), marginPerMille: 1_000, shape: .decay,
                        isPerKey: true),
                    BucketConfiguration(
                        name: "w", scope: "ip", limit: 6, window: .nanoseconds(60), marginPerMille: 1_000, burst: 4,
                        isPerKey: true, isReleasable: true),
                ],
                maximumWaiters: 6, maximumKeys: Self.room, holdsUntilSettled: holding)
            core = try RateLimiterCore(configuration)
            configuration.maximumKeys = 1_000
            roomy = try RateLimiterCore(configuration)
            random = SeededGenerator(seed: seed, stream: "keys")
        }

        var instant: MonotonicInstant { MonotonicInstant(nanoseconds: now) }

        mutating func step(_ place: Comment) throws {
            if random.chance(0.7) { now += Int64(random.below(random.chance(0.05) ? 300 : 15)) }
            try ask(place)
            let (few, all) = (core.takeReleases(), roomy.takeReleases())
            try #require(few.map(\.ticket) == all.map(\.ticket), place)
            for (one, other) in zip(few, all) {
                guard let mine = try? one.result.get(), let theirs = try? other.result.get() else { continue }
                grants.append((mine, theirs))
            }
            try #require(core.wakeAt == roomy.wakeAt, place)
            for bucket in core.status(now: instant).buckets {
                let same = roomy.status(now: instant).buckets.first { $0.name == bucket.name && $0.key == bucket.key }
                // A call that was refused may have made one, which is empty.
                try #require(same == bucket || same == nil && bucket.used == 0, place)
            }
        }

        private mutating func ask(_ place: Comment) throws {
            let key = "\(random.below(9))"
            switch random.below(12) {
            case 0..<5:
                var weights: [String: Int] = [:]
                for name in ["d", "w"] where random.chance(0.6) { weights[name] = 1 + Int(random.below(4)) }
                if weights.isEmpty { weights["w"] = 1 }
                let charge = Charge(weights: weights, key: key)
                let lane: Lane = random.chance(0.5) ? "high" : "low"
                core.advance(to: instant)
                roomy.advance(to: instant)
                if inUse(besides: charge) + weights.count > Self.room {
                    let refusal = core.tryAcquire(charge, lane: lane, scopes: [], now: instant).refusal
                    try #require(refusal?.code == .tooManyKeys, place)
                    refusals += 1
                } else if random.chance(0.5) {
                    let few = core.tryAcquire(charge, lane: lane, scopes: [], now: instant)
                    let all = roomy.tryAcquire(charge, lane: lane, scopes: [], now: instant)
                    try #require(few.refusal == all.refusal, place)
                    if let mine = few.grant, let theirs = all.grant { grants.append((mine, theirs)) }
                } else {
                    ticket += 1
                    let deadline = random.chance(0.4) ? instant.advanced(by: .nanoseconds(40)) : nil
                    let few = core.acquire(
                        charge, lane: lane, scopes: [], deadline: deadline, ticket: ticket, now: instant)
                    let all = roomy.acquire(
                        charge, lane: lane, scopes: [], deadline: deadline, ticket: ticket, now: instant)
                    if case .granted(let mine) = few, case .granted(let theirs) = all { grants.append((mine, theirs)) }
                }
            case 5:
                let victim = UInt64(random.below(ticket + 1))
                #expect(core.cancel(victim, now: instant) == roomy.cancel(victim, now: instant))
            case 6, 7: pick { $0.settle($1, now: $2) }
            case 8: pick { $0.giveBack($1, now: $2) }
            case 9: pick { $0.release($1, now: $2) }
            case 10:
                let end = instant.advanced(by: .nanoseconds(Int64(random.below(40))))
                core.gate("ip", until: end, now: instant)
                roomy.gate("ip", until: end, now: instant)
            default:
                // A key that has no counter would get one only where there is room.
                let name = KeyedCounters.Name(bucket: 1, key: key)
                guard core.keyed.places[name] != nil, roomy.keyed.places[name] != nil else { return }
                let used = Int(random.below(6))
                core.reportUsage(bucket: "w", used: used, key: key, now: instant)
                roomy.reportUsage(bucket: "w", used: used, key: key, now: instant)
            }
        }

        private mutating func pick(_ act: (inout RateLimiterCore, Grant, MonotonicInstant) -> Bool) {
            guard let (few, all) = grants.randomElement(using: &random) else { return }
            #expect(act(&core, few, instant) == act(&roomy, all, instant))
        }

        /// How many counters, but for those that a call charges, hold anything or are waited for.
        private func inUse(besides charge: Charge) -> Int {
            roomy.keyed.places.filter { name, place in
                if name.key == charge.key, charge.weights[name.bucket == 0 ? "d" : "w"] != nil { return false }
                var bucket = roomy.buckets[place]
                bucket.expire(now)
                return !bucket.isIdle || roomy.queue.awaits(place)
            }.count
        }
    }
}
