import SeawallTime
import Testing

@Suite struct SeededGeneratorTests {
    // From an implementation of its own in another language, checked against the published values of xoshiro256** and
    // SplitMix64. They hold for ever: a seed in a report must replay in every version.
    private static let golden: [(seed: UInt64, stream: String, numbers: [UInt64])] = [
        (0, "", [0xfb54_05f7_bd79_c540, 0x780c_98e2_6cea_5883, 0x2a14_6e09_80fe_bc66]),
        (0, "market", [0x831e_3fa0_4671_8a06, 0x55bd_7e81_e1a9_9709, 0x3a2a_e739_7496_7403]),
        (1, "market", [0xa5f1_e09a_7548_f405, 0x7e90_6dd1_aa8c_6bba, 0x8666_d7df_437e_dcc2]),
        (7, "faults", [0xe47c_e1d9_afb2_ab0b, 0x93c5_9c52_cc41_3a4a, 0xbae3_11f7_8bf9_6545]),
        (.max, "jitter é", [0xa3ad_7ecd_2d30_ffc5, 0xd7b1_fa5d_4e4e_c227, 0x4fb9_0eb6_ee14_2781]),
    ]

    @Test(arguments: golden)
    func theAlgorithmStaysAsItIs(seed: UInt64, stream: String, expected: [UInt64]) {
        var generator = SeededGenerator(seed: seed, stream: stream)
        #expect((0..<3).map { _ in generator.next() } == expected)
        let random = SeededRandom(seed: seed, stream: stream)
        #expect((0..<3).map { _ in random.next() } == expected)
    }

    @Test func nearSeedsAndNearStreamsShareNothing() {
        let streams = ["", "a", "b", "c", "aa", "ab", "ba", "a\u{0}", "market", "markeu"]
        var seen: Set<UInt64> = []
        var drawn = 0
        for seed in UInt64(0)..<64 {
            for stream in streams {
                var generator = SeededGenerator(seed: seed, stream: stream)
                for _ in 0..<8 {
                    seen.insert(generator.next())
                    drawn += 1
                }
            }
        }
        // 5,120 draws of 64 bits: a repetition by chance has a probability under 10^-12.
        #expect(seen.count == drawn)
    }

    @Test func twoStreamsAgreeInHalfOfTheirBits() {
        var first = SeededGenerator(seed: 9, stream: "latency")
        var second = SeededGenerator(seed: 9, stream: "faults")
        var differing = 0
        for _ in 0..<2_000 { differing += (first.next() ^ second.next()).nonzeroBitCount }
        // Binomial of 128,000 at a half: mean 64,000, deviation 179; ten deviations either side.
        #expect((62_200...65_800).contains(differing))
    }

    @Test(arguments: [1, 2, 3, 10, 1_000, 1 << 32, (1 << 63) + 1, .max] as [UInt64])
    func aDrawIsBelowItsBound(bound: UInt64) {
        var generator = SeededGenerator(seed: bound, stream: "below")
        for _ in 0..<500 { #expect(generator.below(bound) < bound) }
    }

    @Test func aBoundOfZeroGivesZero() {
        var generator = SeededGenerator(seed: 1, stream: "below")
        #expect(generator.below(0) == 0)
    }

    @Test func drawsAreSpreadEvenly() {
        var generator = SeededGenerator(seed: 1, stream: "spread")
        var counts = Array(repeating: 0, count: 10)
        for _ in 0..<20_000 { counts[Int(generator.below(10))] += 1 }
        // Mean 2,000, deviation 42; seven deviations either side.
        #expect(counts.allSatisfy { (1_700...2_300).contains($0) })
        var sum = 0.0
        for _ in 0..<10_000 {
            let unit = generator.unit()
            #expect(unit >= 0 && unit < 1)
            sum += unit
        }
        #expect((4_800...5_200).contains(sum))
    }

    @Test func chanceKnowsNeverAndAlways() {
        var generator = SeededGenerator(seed: 1, stream: "chance")
        var hits = 0
        for _ in 0..<2_000 {
            #expect(!generator.chance(0) && !generator.chance(-1) && !generator.chance(.nan))
            #expect(generator.chance(1) && generator.chance(.infinity))
            if generator.chance(0.25) { hits += 1 }
        }
        #expect((400...600).contains(hits))
    }

    @Test func everyHelperTakesExactlyOneDraw() {
        let helpers: [(inout SeededGenerator) -> Void] = [
            { _ = $0.below(10) }, { _ = $0.below(0) }, { _ = $0.unit() }, { _ = $0.chance(0.5) },
            { _ = $0.duration(in: .zero ... .seconds(1)) }, { _ = $0.duration(in: .zero ... .zero) },
            { _ = $0.duration(in: .nanoseconds(Int64.min) ... .nanoseconds(Int64.max)) },
        ]
        for helper in helpers {
            var (one, other) = (SeededGenerator(seed: 4, stream: "x"), SeededGenerator(seed: 4, stream: "x"))
            _ = one.next()
            helper(&other)
            #expect(one.next() == other.next())
        }
    }

    @Test(
        arguments: [
            (0, 0), (5, 5), (-3, 3), (0, 1), (.min, .min), (.max, .max), (.max - 1, .max), (.min, .min + 1), (.min, 0),
            (-1, .max), (.min + 1, .max), (.min, .max),
        ] as [(Int64, Int64)])
    func aDurationLiesInItsRangeAndReachesBothParts(low: Int64, high: Int64) {
        var generator = SeededGenerator(seed: 2, stream: "duration")
        let middle = low / 2 + high / 2
        var (lower, upper) = (0, 0)
        for _ in 0..<400 {
            let nanoseconds = generator.duration(in: .nanoseconds(low) ... .nanoseconds(high)).wholeNanoseconds
            #expect((low...high).contains(nanoseconds))
            if nanoseconds <= middle { lower += 1 }
            if nanoseconds > middle || high &- low < 2 { upper += 1 }
        }
        if high.subtractingReportingOverflow(low).overflow || high - low >= 2 {
            #expect(lower > 100 && upper > 100)
        }
    }

    @Test func bothEndsOfARangeAreDrawn() {
        var generator = SeededGenerator(seed: 3, stream: "ends")
        let drawn = Set((0..<200).map { _ in generator.duration(in: .nanoseconds(7) ... .nanoseconds(9)) })
        #expect(drawn == [.nanoseconds(7), .nanoseconds(8), .nanoseconds(9)])
        let huge = generator.duration(in: .seconds(Int64.max) ... .seconds(Int64.max))
        #expect(huge == .nanoseconds(Int64.max))
    }

    @Test func aSharedSourceGivesEachDrawOnce() async {
        let random = SeededRandom(seed: 5, stream: "shared")
        let drawn = await withTaskGroup(of: [UInt64].self, returning: [UInt64].self) { group in
            for _ in 0..<8 { group.addTask { (0..<250).map { _ in random.next() } } }
            return await group.reduce(into: []) { $0 += $1 }
        }
        var generator = SeededGenerator(seed: 5, stream: "shared")
        #expect(Set(drawn) == Set((0..<2_000).map { _ in generator.next() }))
        #expect(drawn.count == 2_000)
    }

    @Test func unitsOfEverySourceLieBelowOne() {
        struct Fixed: RandomSource {
            let bits: UInt64
            func next() -> UInt64 { bits }
        }
        #expect(Fixed(bits: 0).unit() == 0)
        #expect(Fixed(bits: .max).unit() == 1 - 0x1p-53)
        #expect(Set((0..<64).map { _ in SystemRandom().next() }).count == 64)
    }
}
