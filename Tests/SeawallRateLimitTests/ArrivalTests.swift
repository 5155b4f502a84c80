import SeawallTime
import Testing

@testable import SeawallRateLimit

/// The bounds where calls arrive: latencies grow and shrink, and calls that nobody waits for any more arrive all the same.
@Suite struct ArrivalTests {
    static let window: Int64 = 1_000

    @Test(arguments: NaiveVenueCounter.Shape.allCases, [7, 40, 3_000])
    func noWindowOfTheVenueHoldsMoreThanTheCapacityWhateverTheLatency(
        shape: NaiveVenueCounter.Shape, limit: Int
    ) throws {
        for seed in 0..<4 {
            var road = try Road(shape, limit: limit, isHolding: true, seed: UInt64(seed))
            for _ in 0..<250 { road.step() }
            #expect(road.venue.arrivals.count > 20)
            for offset in stride(from: 0, to: shape == .fixed ? Self.window : 1, by: 90) {
                road.venue.offset = offset
                #expect(!road.venue.everExceeds(limit), "\(shape) of \(limit), seed \(seed), offset \(offset)")
            }
        }
    }

    @Test(arguments: NaiveVenueCounter.Shape.allCases)
    func withoutHoldingLatencyThatShrinksBreaksEveryShape(shape: NaiveVenueCounter.Shape) throws {
        let broken = try (0..<20).filter { seed in
            var road = try Road(shape, limit: 7, isHolding: false, seed: UInt64(seed))
            for _ in 0..<250 { road.step() }
            return road.venue.everExceeds(7)
        }
        #expect(!broken.isEmpty)
    }

    /// Every way in which three calls can be granted, arrive and end within a few instants, in a window of three.
    @Test(arguments: NaiveVenueCounter.Shape.allCases)
    func noOrderOfThreeCallsExceedsTheSmallestWindow(shape: NaiveVenueCounter.Shape) throws {
        let configuration = BucketConfiguration(
            name: "a", limit: 2, window: .nanoseconds(3), marginPerMille: 1_000, shape: shape.bucket)
        var ways: [(arrival: Int64, end: Int64)] = []
        for arrival in 0..<Int64(4) { for end in Set([arrival, 3]).sorted() { ways.append((arrival, end)) } }
        var checked = 0
        for first in 0..<Int64(2) {
            for second in first..<6 {
                for third in second..<7 {
                    for choice in 0..<(ways.count * ways.count * ways.count) {
                        let picked = [choice % 7, choice / 7 % 7, choice / 49].map { ways[$0] }
                        var venue = NaiveVenueCounter(shape: shape, window: 3, limit: 2)
                        var bucket = Bucket(configuration, lanes: ["only"])
                        var ends: [Int64] = []
                        for (wanted, way) in zip([first, second, third], picked) {
                            for end in ends.filter({ $0 <= wanted }).sorted() {
                                bucket.expire(end)
                                bucket.settle(1, now: end)
                            }
                            ends.removeAll { $0 <= wanted }
                            bucket.expire(wanted)
                            guard bucket.earliest(weight: 1, lane: 0, now: wanted) <= wanted else { continue }
                            bucket.hold(1)
                            venue.arrivals.append((wanted + way.arrival, 1))
                            ends.append(wanted + way.end)
                        }
                        for offset in 0..<Int64(shape == .fixed ? 3 : 1) {
                            venue.offset = offset
                            if venue.everExceeds(2) { Issue.record("\(venue.arrivals) offset \(offset)") }
                        }
                        checked += 1
                    }
                }
            }
        }
        #expect(checked == 47 * 343)
    }

    /// Another process uses the same limit for a while, and then no more: once its use is known it is never forgotten.
    @Test(arguments: NaiveVenueCounter.Shape.allCases)
    func onceTheVenueHasToldWhatOthersUsedNothingOfOursExceedsTheLimit(shape: NaiveVenueCounter.Shape) throws {
        var judged = 0
        var unheard = 0
        for seed in 0..<14 {
            var road = try Road(shape, limit: 20, isHolding: true, seed: UInt64(seed))
            road.venue.offset = Int64(seed * 37)
            road.reports = true
            for _ in 0..<80 { road.step(foreign: true) }
            let quiet = road.now
            for _ in 0..<120 { road.step() }
            // From the first grant after an answer to a call that went out when the others had stopped.
            guard let told = road.firstAnswer(toGrantAfter: quiet) else { continue }
            judged += 1
            for arrival in road.own where arrival.grantedAt > told {
                #expect(road.venue.used(at: arrival.at) <= 20, "\(shape) seed \(seed)")
            }
            var deaf = try Road(shape, limit: 20, isHolding: true, seed: UInt64(seed))
            deaf.venue.offset = road.venue.offset
            for _ in 0..<80 { deaf.step(foreign: true) }
            for _ in 0..<120 { deaf.step() }
            if deaf.own.contains(where: { $0.grantedAt > told && deaf.venue.used(at: $0.at) > 20 }) { unheard += 1 }
        }
        #expect(judged > 9)
        // Who does not listen exceeds it: the history can tell.
        #expect(unheard > 0)
    }

    /// The venue's clock is read now and then, each time off by as much as was said.
    @Test(arguments: [7, 40])
    func noFixedWindowHoldsMoreThanTheCapacityWhereItsClockIsKnownWithinAnError(limit: Int) throws {
        var granted = (aligned: 0, rolling: 0)
        for seed in 0..<6 {
            for isAligned in [true, false] {
                var road = try Road(.fixed, limit: limit, isHolding: true, seed: UInt64(seed), aligned: isAligned)
                for step in 0..<250 {
                    if isAligned, step % 50 == 0 { road.readClock(error: 60, claimed: 60) }
                    road.step()
                }
                #expect(!road.venue.everExceeds(limit), "seed \(seed)")
                if isAligned { granted.aligned += road.spent } else { granted.rolling += road.spent }
            }
        }
        // It is not only kept, it is used.
        #expect(granted.aligned > granted.rolling * 103 / 100, "\(granted)")
    }

    @Test func aClockThatIsFurtherOffThanItSaysIsFoundOut() throws {
        let broken = try (0..<20).filter { seed in
            var road = try Road(.fixed, limit: 7, isHolding: true, seed: UInt64(seed), aligned: true)
            for step in 0..<250 {
                if step % 50 == 0 { road.readClock(error: 300, claimed: 0) }
                road.step()
            }
            return road.venue.everExceeds(7)
        }
        #expect(!broken.isEmpty)
    }

    /// One limiter, one venue, and everything that is on its way between them.
    private struct Road {
        struct Call {
            var grant: Grant
            var weight: Int
            var arrival: Int64
            var end: Int64
            var used: Int?
        }

        var core: RateLimiterCore
        var venue: NaiveVenueCounter
        var random: SeededGenerator
        var now: Int64 = 5_000
        var calls: [Call] = []
        var own: [(grantedAt: Int64, at: Int64)] = []
        var answers: [(grantedAt: Int64, heardAt: Int64)] = []
        var reports = false

        init(
            _ shape: NaiveVenueCounter.Shape, limit: Int, isHolding: Bool, seed: UInt64, aligned: Bool = false
        ) throws {
            let bucket = BucketConfiguration(
                name: "a", limit: limit, window: .nanoseconds(ArrivalTests.window), marginPerMille: 1_000,
                shape: aligned ? .fixed : shape.bucket)
            core = try RateLimiterCore(
                RateLimiterConfiguration(lanes: ["only"], buckets: [bucket], holdsUntilSettled: isHolding))
            venue = NaiveVenueCounter(shape: shape, window: ArrivalTests.window, limit: limit)
            random = SeededGenerator(seed: seed, stream: "road")
        }

        mutating func step(foreign: Bool = false) {
            let next = now + Int64(random.below(random.chance(0.1) ? 900 : 80))
            while let event = calls.flatMap({ [$0.arrival, $0.end] }).filter({ $0 > now && $0 <= next }).min() {
                now = event
                deliver()
            }
            now = next
            if foreign, random.chance(0.3) { venue.arrivals.append((now, 1 + Int(random.below(3)))) }
            for _ in 0..<random.below(6) { call(1 + Int(random.below(UInt64(max(1, venue.limit / 5))))) }
        }

        private mutating func call(_ weight: Int) {
            let decision = core.tryAcquire(
                ["a": weight], lane: "only", scopes: [], now: MonotonicInstant(nanoseconds: now))
            guard let grant = decision.grant else { return }
            if random.chance(0.05) {
                _ = core.giveBack(grant, now: MonotonicInstant(nanoseconds: now))
                return
            }
            // Now quick, now slow, and now and then longer than two windows.
            let slow: UInt64 = random.chance(0.1) ? 2_500 : random.chance(0.5) ? 300 : 10
            let arrival = now + Int64(random.below(slow))
            calls.append(
                Call(grant: grant, weight: weight, arrival: arrival, end: arrival + Int64(random.below(slow))))
            deliver()
        }

        private mutating func deliver() {
            for index in calls.indices where calls[index].arrival == now && calls[index].used == nil {
                venue.arrivals.append((now, calls[index].weight))
                own.append((calls[index].grant.instant.nanoseconds, now))
                calls[index].used = venue.used(at: now)
            }
            let instant = MonotonicInstant(nanoseconds: now)
            for call in calls where call.end == now {
                if reports, let used = call.used {
                    core.reportUsage(bucket: "a", used: used, answering: call.grant, now: instant)
                    answers.append((call.grant.instant.nanoseconds, now))
                }
                core.settle(call.grant, now: instant)
            }
            calls.removeAll { $0.end == now }
        }

        var spent: Int { venue.arrivals.reduce(0) { $0 + $1.weight } }

        /// Reads the venue's clock, by which its windows begin at `offset`, up to `error` off.
        mutating func readClock(error: Int64, claimed: Int64) {
            let shown = now - venue.offset + Int64(random.below(UInt64(2 * error + 1))) - error
            core.alignWindows(
                VenueClock(civil: shown, instant: now, error: claimed), now: MonotonicInstant(nanoseconds: now))
        }

        func firstAnswer(toGrantAfter start: Int64) -> Int64? {
            answers.filter { $0.grantedAt > start }.map(\.heardAt).min()
        }
    }
}
