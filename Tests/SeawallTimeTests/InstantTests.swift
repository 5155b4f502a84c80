import SeawallTime
import Testing

@Suite struct InstantTests {
    @Test(
        arguments: [
            (0, "0.000000000s"), (1, "0.000000001s"), (-1, "-0.000000001s"), (12_500_000_000, "12.500000000s"),
            (-12_000_000_001, "-12.000000001s"), (.max, "9223372036.854775807s"), (.min, "-9223372036.854775808s"),
        ] as [(Int64, String)])
    func monotonicTextIsExact(nanoseconds: Int64, text: String) {
        let instant = MonotonicInstant(nanoseconds: nanoseconds)
        #expect(instant.description == text)
        #expect(instant.secondsText + "s" == text)
    }

    @Test func arithmeticSaturatesAtBothEnds() {
        let first = MonotonicInstant(nanoseconds: .min)
        #expect(MonotonicInstant.distantFuture.advanced(by: .nanoseconds(1)) == .distantFuture)
        #expect(first.advanced(by: .seconds(Int64.min)) == first)
        #expect(first.duration(to: .distantFuture) == .nanoseconds(Int64.max))
        #expect(MonotonicInstant.distantFuture.duration(to: first) == .nanoseconds(Int64.min))
        #expect(MonotonicInstant.origin.advanced(by: .seconds(Int64.max)) == .distantFuture)
        let (early, late) = (CivilInstant(nanosecondsSinceEpoch: .min), CivilInstant(nanosecondsSinceEpoch: .max))
        #expect(late.advanced(by: .nanoseconds(1)) == late)
        #expect(early.duration(to: late) == .nanoseconds(Int64.max))
        #expect(early < late)
    }

    @Test func aWaitIsNeverShorterThanAsked() {
        let instant = MonotonicInstant.origin.advanced(by: Duration(secondsComponent: 0, attosecondsComponent: 1))
        #expect(instant.nanoseconds == 1)
    }

    @Test(
        arguments: [
            (0, 0), (1, 0), (999_999, 0), (1_000_000, 1), (-1, -1), (-1_000_000, -1), (-1_000_001, -2),
            (.min, -9_223_372_036_855), (.max, 9_223_372_036_854),
        ] as [(Int64, Int64)])
    func millisecondsAreRoundedDown(nanoseconds: Int64, milliseconds: Int64) {
        #expect(CivilInstant(nanosecondsSinceEpoch: nanoseconds).millisecondsSinceEpoch == milliseconds)
    }

    @Test func millisecondsSaturate() {
        #expect(CivilInstant(millisecondsSinceEpoch: .max).nanosecondsSinceEpoch == .max)
        #expect(CivilInstant(millisecondsSinceEpoch: .min).nanosecondsSinceEpoch == .min)
    }
}
