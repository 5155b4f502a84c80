import SeawallTime
import Testing

@testable import SeawallRateLimit

@Suite struct GradientLimitTests {
    private static let second: Int64 = 1_000_000_000

    /// A limit, the calls in flight, and time that moves by hand.
    private struct Bench {
        var limit: GradientLimit
        var now: Int64 = 0
        var inFlight = 0

        init(_ configuration: AdaptiveConcurrency = AdaptiveConcurrency(samples: 5), seed: UInt64 = 1) {
            limit = GradientLimit(configuration, seed: seed)
        }

        mutating func begin() -> ConcurrencyCall {
            limit.advance(to: now)
            inFlight += 1
            limit.count(inFlight: inFlight)
            return limit.begin(inFlight: inFlight, now: now)
        }

        mutating func end(_ call: ConcurrencyCall, _ outcome: ConcurrencyOutcome = .succeeded) {
            limit.end(call, outcome, now: now)
            inFlight -= 1
            limit.count(inFlight: inFlight)
        }

        /// Has calls side by side, all as long, and all begun before the first ends.
        mutating func round(_ calls: Int, lasting latency: Int64, _ outcome: ConcurrencyOutcome = .succeeded) {
            let all = (0..<calls).map { _ in begin() }
            now += latency
            for call in all { end(call, outcome) }
        }

        /// Ends the first probe with what the venue takes.
        mutating func probe(_ latency: Int64) {
            for _ in 0..<limit.configuration.samples { round(1, lasting: latency) }
        }
    }

    @Test func itBeginsWithAProbeAndThenGoesToWhereItWasToldToBegin() {
        var bench = Bench()
        #expect(bench.limit.limit == 3)
        #expect(bench.limit.learnt == 20)
        #expect(bench.limit.reference == nil)
        for latency: Int64 in [5, 1, 4, 3] { bench.round(1, lasting: latency * Self.second) }
        #expect(bench.limit.limit == 3)
        bench.round(1, lasting: 2 * Self.second)
        #expect(bench.limit.reference == 3 * Self.second)
        #expect(bench.limit.limit == 20)
    }

    @Test func aLatencyThatStaysRaisesALimitThatIsInUse() {
        var bench = Bench()
        bench.probe(Self.second)
        let epoch = bench.limit.epoch
        bench.round(12, lasting: Self.second)
        // The five that count began with less than ten in flight.
        #expect(bench.limit.limit == 20)
        #expect(bench.limit.epoch == epoch + 1)
        let held = (0..<14).map { _ in bench.begin() }
        bench.now += Self.second
        for call in held.prefix(3) { bench.end(call) }
        #expect(bench.limit.limit == 20)
        #expect(bench.limit.epoch == epoch + 2)
        // Half way to 1.25 × 20 + √20.
        bench.round(9, lasting: Self.second)
        #expect(bench.limit.limit == 24)
    }

    @Test func aLatencyThatGrowsLowersIt() {
        var bench = Bench()
        bench.probe(Self.second)
        bench.round(20, lasting: 10 * Self.second)
        // Half way to 0.5 × 20 + √20.
        #expect(bench.limit.limit == 17)
        bench.round(17, lasting: 10 * Self.second)
        #expect(bench.limit.limit == 15)
    }

    @Test func callsOfAnEarlierEpochMoveNothing() {
        var bench = Bench()
        bench.probe(Self.second)
        let old = (0..<10).map { _ in bench.begin() }
        bench.now += Self.second
        for call in old.prefix(5) { bench.end(call) }
        let (epoch, limit) = (bench.limit.epoch, bench.limit.limit)
        let fresh = (0..<4).map { _ in bench.begin() }
        bench.now += 100 * Self.second - 41 * Self.second
        for call in old.dropFirst(5) { bench.end(call) }
        for call in fresh { bench.end(call) }
        // Nine have taken a minute: five of an earlier epoch, and four where five make a judgement.
        #expect(bench.limit.epoch == epoch)
        #expect(bench.limit.limit == limit)
        let last = bench.begin()
        bench.now += 59 * Self.second
        bench.end(last)
        #expect(bench.limit.limit < limit || bench.limit.limit == 3)
    }

    @Test func theQuickOnesOfAnEpochDoNotSpeakForAll() {
        var bench = Bench()
        bench.probe(Self.second)
        let slow = (0..<5).map { _ in bench.begin() }
        // Many more begin and end, and are quick.
        for _ in 0..<20 { bench.round(10, lasting: Self.second / 10) }
        #expect(bench.limit.epoch == 2)
        bench.now += 8 * Self.second
        for call in slow { bench.end(call) }
        #expect(bench.limit.limit == 17)
    }

    @Test func whoHangsDoesNotHoldUpTheJudgement() {
        var bench = Bench()
        bench.probe(Self.second)
        let calls = (0..<5).map { _ in bench.begin() }
        bench.now += 10 * Self.second
        for call in calls.prefix(3) { bench.end(call) }
        // Two last yet: the median is the third's, whatever becomes of them.
        #expect(bench.limit.epoch == 3)
        #expect(bench.limit.limit == 17)
    }

    @Test func whoMayYetBeQuickerThanTheMedianIsWaitedFor() {
        var bench = Bench()
        bench.probe(Self.second)
        var calls = (0..<3).map { _ in bench.begin() }
        bench.now += 10 * Self.second
        calls += (0..<2).map { _ in bench.begin() }
        for call in calls.prefix(3) { bench.end(call) }
        #expect(bench.limit.epoch == 2)
        bench.now += Self.second
        for call in calls.dropFirst(3) { bench.end(call) }
        #expect(bench.limit.epoch == 3)
        #expect(bench.limit.limit == 17)
    }

    @Test func aDropCutsOnceForAllThatBeganBeforeIt() {
        var bench = Bench()
        bench.probe(Self.second)
        var calls = (0..<20).map { _ in bench.begin() }
        bench.now += Self.second
        bench.end(calls.removeLast(), .dropped)
        #expect(bench.limit.limit == 14)
        while calls.count > 10 { bench.end(calls.removeLast(), .dropped) }
        #expect(bench.limit.limit == 14)
        let later = bench.begin()
        bench.end(calls.removeLast(), .dropped)
        #expect(bench.limit.limit == 14)
        bench.end(later, .dropped)
        #expect(bench.limit.limit == 9)
        for _ in 0..<10 { bench.round(1, lasting: 1, .dropped) }
        #expect(bench.limit.limit == 3)
    }

    /// A timeout is told long after: judgements that came between do not hide it.
    @Test func aDropCountsThoughEpochsHavePassedSinceItBegan() {
        var bench = Bench()
        bench.probe(Self.second)
        let lost = bench.begin()
        for _ in 0..<5 { bench.round(12, lasting: Self.second) }
        let limit = bench.limit.limit
        #expect(bench.limit.epoch > lost.epoch + 3)
        bench.end(lost, .dropped)
        #expect(bench.limit.limit == limit * 7 / 10)
    }

    @Test func aDropInAProbeCutsWhatComesAfterItAndTheProbeGoesOn() {
        var bench = Bench()
        bench.round(1, lasting: Self.second, .dropped)
        #expect(bench.limit.learnt == 14)
        #expect(bench.limit.limit == 3)
        bench.probe(Self.second)
        #expect(bench.limit.limit == 14)
    }

    @Test func whatIsIgnoredIsNoSampleAndLeavesItsPlaceToAnother() {
        var bench = Bench()
        for _ in 0..<20 { bench.round(1, lasting: Self.second, .ignored) }
        #expect(bench.limit.reference == nil)
        #expect(bench.limit.lastLatency == nil)
        bench.probe(Self.second)
        let epoch = bench.limit.epoch
        for _ in 0..<20 { bench.round(4, lasting: Self.second, .ignored) }
        #expect(bench.limit.epoch == epoch)
        bench.round(20, lasting: 10 * Self.second)
        #expect(bench.limit.limit == 17)
    }

    @Test func lightTrafficTellsWhatTheVenueTakesWithoutAProbe() {
        var bench = Bench()
        bench.probe(Self.second)
        for _ in 0..<100 {
            for _ in 0..<5 { bench.round(3, lasting: 3 * Self.second) }
            #expect(bench.limit.phase != .probing(resume: 20_000))
        }
        #expect(bench.limit.reference == 3 * Self.second)
        // Four are a crowd.
        for _ in 0..<3 { bench.round(4, lasting: 5 * Self.second) }
        #expect(bench.limit.reference == 3 * Self.second)
    }

    /// Who began alone and had company before it ended is no measure.
    @Test func aCrowdThatCameAndWentIsSeen() {
        var bench = Bench()
        for _ in 0..<20 {
            let first = bench.begin()
            // Others may be in flight that learn nothing.
            for count in [2, 3, 4, 3, 2, 1] { bench.limit.count(inFlight: count) }
            bench.now += 50 * Self.second
            bench.end(first)
        }
        #expect(bench.limit.reference == nil)
    }

    @Test func aProbeComesWithinFifteenPartsInAHundredOfItsTimeAndNotInStep() {
        var times: Set<Int64> = []
        for seed in 0..<50 {
            var bench = Bench(seed: UInt64(seed))
            bench.probe(Self.second)
            bench.round(20, lasting: Self.second)
            let known = bench.now - Self.second
            while case .following = bench.limit.phase {
                bench.now += Self.second / 10
                bench.limit.advance(to: bench.now)
            }
            #expect(bench.limit.limit == 3)
            let waited = bench.now - known
            #expect((51 * Self.second...70 * Self.second).contains(waited))
            times.insert(waited)
        }
        #expect(times.count > 25)
    }

    @Test func samplesFromBeforeALongSilenceAreForgotten() {
        var bench = Bench()
        bench.probe(Self.second)
        bench.round(4, lasting: 40 * Self.second)
        bench.now += 3_600 * Self.second
        // The silence ends in a probe, and after it the four count no more.
        bench.probe(Self.second)
        let epoch = bench.limit.epoch
        bench.round(4, lasting: 40 * Self.second)
        #expect(bench.limit.epoch == epoch)
        #expect(bench.limit.limit == 20)
    }

    @Test func aMeasureThatIsTooSlowComesDownUnderLoad() {
        var bench = Bench()
        bench.probe(4 * Self.second)
        bench.round(12, lasting: 2 * Self.second)
        #expect(bench.limit.reference == 3 * Self.second)
    }

    @Test func setByHandItGoesOnFromThere() {
        var bench = Bench()
        bench.limit.set(50)
        #expect(bench.limit.limit == 3)
        bench.probe(Self.second)
        #expect(bench.limit.limit == 50)
        bench.limit.set(8)
        #expect(bench.limit.limit == 8)
    }

    /// Clocks that stand, go back or end, latencies of nothing and of centuries: the range holds, and nothing traps.
    @Test(arguments: 0..<20)
    func absurdTimesLeaveItInItsRange(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed), stream: "absurd")
        let configurations = [
            AdaptiveConcurrency(initial: 1, minimum: 1, maximum: 1, probeLimit: 1, samples: 5),
            AdaptiveConcurrency(
                initial: 1_000_000, minimum: 1, maximum: 1_000_000, probeLimit: 1_000_000, samples: 5,
                tolerancePerMille: 10_000, smoothingPerMille: 1_000, cutPerMille: 990, probeInterval: .seconds(86_400)),
            AdaptiveConcurrency(samples: 5, tolerancePerMille: 10, smoothingPerMille: 10, probeInterval: .seconds(1)),
        ]
        for configuration in configurations {
            var bench = Bench(configuration, seed: UInt64(seed))
            let instants: [Int64] = [.min, .min + 1, -1, 0, 1, 1_000, Self.second, .max - 1, .max]
            var calls: [ConcurrencyCall] = []
            for step in 0..<2_000 {
                if random.chance(0.3), let instant = instants.randomElement(using: &random) { bench.now = instant }
                bench.now = bench.now.addingSaturating(Int64(random.below(3_000_000_000)))
                if random.chance(0.5) || calls.isEmpty {
                    calls.append(bench.begin())
                } else {
                    var call = calls.remove(at: Int(random.below(UInt64(calls.count))))
                    if random.chance(0.1) { call.began = instants.randomElement(using: &random) ?? 0 }
                    bench.end(call, random.chance(0.9) ? .succeeded : random.chance(0.5) ? .dropped : .ignored)
                }
                let range = configuration.minimum...configuration.maximum
                guard range.contains(bench.limit.limit), range.contains(bench.limit.learnt) else {
                    Issue.record("step \(step): \(bench.limit.limit), \(bench.limit.learnt)")
                    return
                }
                #expect((bench.limit.reference ?? 1) >= 1)
            }
        }
    }
}
