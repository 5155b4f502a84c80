import SeawallTime
import Testing

@testable import SeawallRateLimit

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a limiter knows goes on to the next process.
@Suite struct SnapshotTests {
    private static let second: Int64 = 1_000_000_000

    private static func configuration(_ shape: BucketConfiguration.Shape, holding: Bool) -> RateLimiterConfiguration {
        RateLimiterConfiguration(
            lanes: ["high", "low"],
            buckets: [
                BucketConfiguration(
                    name: "a", scope: "ip", limit: 20, window: .nanoseconds(100), burst: 9, reserves: ["high": 2],
                    shape: shape),
                BucketConfiguration(name: "k", limit: 7, window: .nanoseconds(60), shape: shape, isPerKey: true),
            ], holdsUntilSettled: holding)
    }

    private func civil(_ nanoseconds: Int64) -> CivilInstant {
        CivilInstant(nanosecondsSinceEpoch: 1_700_000_000 * Self.second + nanoseconds)
    }

    private func at(_ nanoseconds: Int64) -> MonotonicInstant { MonotonicInstant(nanoseconds: nanoseconds) }

    /// After every history, a limiter that resumes answers as the one that was shut down would have.
    @Test(arguments: BucketConfiguration.Shape.allCases, 0..<6)
    func afterShutdownItGoesOnAsIfItHadNeverEnded(shape: BucketConfiguration.Shape, seed: Int) throws {
        let configuration = Self.configuration(shape, holding: true)
        var random = SeededGenerator(seed: UInt64(seed), stream: "snapshot")
        var core = try RateLimiterCore(configuration)
        var now: Int64 = 1_000
        var open: [Grant] = []
        for _ in 0..<60 {
            now += Int64(random.below(15))
            let charge = Charge(
                weights: ["a": Int(random.below(5)), "k": Int(random.below(3))], key: ["x", "y"][Int(random.below(2))])
            if let grant = core.tryAcquire(charge, lane: "high", scopes: [], now: at(now)).grant { open.append(grant) }
            if random.chance(0.5), let grant = open.popLast() {
                if random.chance(0.3) {
                    core.reportUsage(bucket: "a", used: Int(random.below(16)), answering: grant, now: at(now))
                }
                core.settle(grant, now: at(now))
            }
        }
        core.gate("ip", until: at(now + Int64(random.below(100))), now: at(now))
        var ended = core
        ended.shutDown()
        let stored = try JSONEncoder().encode(ended.snapshot(now: at(now), civilNow: civil(0)))
        let snapshot = try JSONDecoder().decode(RateLimiterSnapshot.self, from: stored)
        #expect(snapshot.isFinal)

        let later = Int64(random.below(80))
        // Its clock has begun anew, somewhere.
        let shift = -Int64(random.below(500)) - now
        var next = try RateLimiterCore(configuration, start: at(now + later + shift))
        next.resume(snapshot, civilNow: civil(later))
        // What was under way may have arrived until the new one began.
        for grant in open { core.settle(grant, now: at(now + later)) }
        for step in stride(from: Int64(0), through: 132, by: 22) {
            for (bucket, key) in [("a", ""), ("k", "x"), ("k", "y"), ("k", "z")] {
                for weight in [1, 5] {
                    for lane in configuration.lanes {
                        let charge = Charge(weights: [bucket: weight], key: key)
                        var (one, other) = (core, next)
                        let then = now + later + step
                        let expected = one.tryAcquire(charge, lane: lane, scopes: [], now: at(then))
                        let answer = other.tryAcquire(charge, lane: lane, scopes: [], now: at(then + shift))
                        if shape == .decay {
                            // Its height is written in whole units, as if all had come at once: never less.
                            #expect(answer.grant == nil || expected.grant != nil, "\(bucket) \(weight) \(step)")
                            continue
                        }
                        #expect(expected.refusal?.code == answer.refusal?.code, "\(bucket) \(key) \(weight) \(step)")
                        let until = expected.refusal?.until?.nanoseconds.addingSaturating(shift)
                        #expect(until == answer.refusal?.until?.nanoseconds)
                    }
                }
            }
        }
    }

    /// A process that dies and starts again and again, and always takes all that it can.
    private func crashLoop(
        seed: UInt64, resuming: Bool, granted: (_ instant: Int64, _ isFirstLife: Bool) -> Void
    ) throws {
        let configuration = RateLimiterConfiguration(
            lanes: ["only"], buckets: [BucketConfiguration(name: "a", limit: 100, window: .nanoseconds(1_000))])
        var random = SeededGenerator(seed: seed, stream: "crash")
        var stored: RateLimiterSnapshot?
        var now: Int64 = 0
        for life in 0..<12 {
            var core = try RateLimiterCore(configuration, start: at(now))
            if resuming, let stored { core.resume(stored, civilNow: civil(now)) }
            stored = core.snapshot(now: at(now), civilNow: civil(now))
            let end = now + Int64(random.below(random.chance(0.3) ? 2_500 : 300))
            while now < end {
                if core.tryAcquire(["a": 1], lane: "only", scopes: [], now: at(now)).grant != nil {
                    granted(now, life == 0)
                } else {
                    now += 5
                }
                if random.chance(0.1) { now += 10 }
            }
        }
    }

    private func most(_ instants: [Int64], in window: Int64) -> Int {
        var first = 0
        return instants.indices.map { index in
            while instants[index] - instants[first] >= window { first += 1 }
            return index - first + 1
        }.max() ?? 0
    }

    @Test func aCrashLoopNeverOverrunsAWindow() throws {
        var overruns = 0
        for seed in UInt64(0)..<30 {
            var instants: [Int64] = []
            try crashLoop(seed: seed, resuming: true) { instant, _ in instants.append(instant) }
            #expect(most(instants, in: 1_000) <= 100, "seed \(seed)")
            instants = []
            try crashLoop(seed: seed, resuming: false) { instant, _ in instants.append(instant) }
            if most(instants, in: 1_000) > 100 { overruns += 1 }
        }
        // Who begins anew each time overruns it.
        #expect(overruns > 20)
    }

    @Test func eachRestartWithinAWindowGetsHalfOfWhatTheOneBeforeGot() throws {
        let configuration = RateLimiterConfiguration(
            lanes: ["only"],
            buckets: [
                BucketConfiguration(name: "a", limit: 100, window: .nanoseconds(1_000)),
                BucketConfiguration(name: "k", limit: 100, window: .nanoseconds(1_000), isPerKey: true),
            ])
        var stored = try fresh(configuration)
        let lives: [(start: Int64, tokens: Int)] = [
            (100, 10), (200, 5), (300, 2), (1_299, 1), (2_299, 10), (3_400, 10),
        ]
        for (start, tokens) in lives {
            var core = try RateLimiterCore(configuration, start: at(start))
            core.resume(stored, civilNow: civil(start))
            #expect(core.status(now: at(start)).buckets[0].tokens == tokens, "at \(start)")
            let keyed = Charge(weights: ["k": tokens + 1], key: "new")
            #expect(core.tryAcquire(keyed, lane: "only", scopes: [], now: at(start)).grant == nil)
            stored = core.snapshot(now: at(start), civilNow: civil(start))
            #expect(core.status(now: at(start + 1_000)).buckets[0].tokens == 80)
        }
    }

    private func fresh(_ configuration: RateLimiterConfiguration) throws -> RateLimiterSnapshot {
        var core = try RateLimiterCore(configuration, start: at(0))
        return core.snapshot(now: at(0), civilNow: civil(0))
    }

    private struct Clocks: Sendable {
        var monotonic: Int64
        var civil: Int64
        /// What is free of 80 then.
        var free: Int

        init(_ monotonic: Int64, _ civil: Int64, _ free: Int) {
            self.monotonic = monotonic
            self.civil = civil
            self.free = free
        }
    }

    private static let years: Int64 = 4_000_000_000_000_000_000

    private static let clocks: [Clocks] = [
        Clocks(500, 500, 0), Clocks(1_000, 1_000, 80),
        // The civil clock was set by years while the machine ran on.
        Clocks(500, years, 0), Clocks(1_500, years, 80), Clocks(500, -years, 0), Clocks(1_500, -years, 0),
        // The machine was started anew.
        Clocks(-700, 500, 0), Clocks(-700, 1_000, 80), Clocks(-700, -5, 0),
    ]

    @Test(arguments: 0..<clocks.count)
    func noClockThatIsSetMintsATokenThatTheOtherCanDeny(number: Int) throws {
        let (monotonic, free) = (Self.clocks[number].monotonic, Self.clocks[number].free)
        let configuration = RateLimiterConfiguration(
            lanes: ["only"], buckets: [BucketConfiguration(name: "a", limit: 100, window: .nanoseconds(1_000))])
        var core = try RateLimiterCore(configuration)
        #expect(core.tryAcquire(["a": 80], lane: "only", scopes: [], now: at(0)).grant != nil)
        core.gate("ip", until: at(2_000), now: at(0))
        core.shutDown()
        let snapshot = core.snapshot(now: at(0), civilNow: civil(0))
        var next = try RateLimiterCore(configuration, start: at(monotonic))
        next.resume(snapshot, civilNow: civil(Self.clocks[number].civil))
        #expect(next.status(now: at(monotonic)).buckets[0].tokens == free)
        #expect(next.gateEnd(for: ["ip"], now: at(monotonic)) != nil)
    }

    @Test func numbersThatMakeNoSenseTrapNothingAndEnd() throws {
        let configuration = Self.configuration(.window, holding: false)
        for number in [Int.min, -1, 0, .max] {
            var snapshot = try fresh(configuration)
            snapshot.isFinal = true
            for index in snapshot.buckets.indices {
                snapshot.buckets[index].spent = [.init(amount: number, age: Int64(number)), .init(amount: 1, age: 0)]
                snapshot.buckets[index].held = number
                snapshot.buckets[index].reported = [.init(amount: number, age: Int64(number))]
            }
            snapshot.uptime = Int64(number)
            snapshot.restarts["a"] = number
            for isFinal in [true, false] {
                snapshot.isFinal = isFinal
                for monotonic in [Int64(number), 0] {
                    snapshot.monotonic = monotonic
                    for takenAt in [Int64(number), 0] {
                        snapshot.takenAt = CivilInstant(nanosecondsSinceEpoch: takenAt)
                        snapshot.gates = [.init(scope: "other", until: CivilInstant(nanosecondsSinceEpoch: takenAt))]
                        var core = try RateLimiterCore(configuration, start: at(5))
                        core.resume(snapshot, civilNow: civil(0))
                        #expect(core.tryAcquire(["a": 9], lane: "high", scopes: [], now: at(5_000)).grant != nil)
                    }
                }
            }
        }
    }

    @Test func anotherConfigurationThatCountsMoreIsNotTakenAtItsWord() throws {
        var configuration = RateLimiterConfiguration(
            lanes: ["only"], buckets: [BucketConfiguration(name: "a", limit: 100, window: .nanoseconds(1_000))])
        var core = try RateLimiterCore(configuration)
        core.shutDown()
        let snapshot = core.snapshot(now: at(0), civilNow: civil(0))
        configuration.buckets[0].window = .nanoseconds(2_000)
        configuration.buckets.append(BucketConfiguration(name: "b", limit: 100))
        var next = try RateLimiterCore(configuration, start: at(10))
        next.resume(snapshot, civilNow: civil(10))
        #expect(next.status(now: at(10)).buckets.map(\.tokens) == [10, 80])
    }

    @Test func theFaceStoresAndResumes() throws {
        let time = ManualTime()
        let environment = RuntimeEnvironment(time: time)
        let limiter = try RateLimiter(configuration: .example, environment: environment)
        #expect(limiter.tryAcquire(["orders": 4], lane: "high").grant != nil)
        limiter.shutdown()
        let snapshot = limiter.snapshot()
        time.advance(by: .seconds(3))
        let next = try RateLimiter(configuration: .example, environment: environment, resuming: snapshot)
        #expect(next.tryAcquire(["orders": 2], lane: "high").grant == nil)
        #expect(next.waitTime(for: ["orders": 2], lane: "high") == .seconds(7))
    }
}
