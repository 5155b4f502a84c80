import SeawallTime
import Testing

@Suite struct DurationNanosecondsTests {
    private static let edges: [Int64] = [.min, .min + 1, .min / 2, -3, -2, -1, 0, 1, 2, 3, .max / 2, .max - 1, .max]

    @Test(
        arguments: [
            (Duration.zero, 0), (.nanoseconds(1), 1), (.nanoseconds(-1), -1), (.seconds(3), 3_000_000_000),
            (.nanoseconds(Int64.max), .max), (.nanoseconds(Int64.min), .min),
            (.seconds(Int64.max), .max), (.seconds(Int64.min), .min),
            (.nanoseconds(Int64.max) + .nanoseconds(1), .max), (.nanoseconds(Int64.min) - .nanoseconds(1), .min),
            (.seconds(9_223_372_037), .max), (.seconds(-9_223_372_037), .min),
            (Duration(secondsComponent: 0, attosecondsComponent: 1), 1),
            (Duration(secondsComponent: 0, attosecondsComponent: -1), -1),
            (Duration(secondsComponent: 0, attosecondsComponent: 1_000_000_000), 1),
            (Duration(secondsComponent: 1, attosecondsComponent: 1_000_000_001), 1_000_000_002),
            (Duration(secondsComponent: -1, attosecondsComponent: -1_000_000_001), -1_000_000_002),
            (Duration(secondsComponent: 0, attosecondsComponent: 999_999_999_999_999_999), 1_000_000_000),
        ] as [(Duration, Int64)])
    func roundsAwayFromZeroAndSaturates(duration: Duration, nanoseconds: Int64) {
        #expect(duration.wholeNanoseconds == nanoseconds)
    }

    @Test func everyInt64OfNanosecondsComesBack() {
        var generator = SeededGenerator(seed: 1, stream: "nanoseconds")
        for _ in 0..<3_000 {
            let value = Int64(bitPattern: generator.next()) >> Int64(generator.below(64))
            #expect(Duration.nanoseconds(value).wholeNanoseconds == value)
        }
    }

    @Test func arithmeticIsThatOf128BitsCutToTheRange() {
        func cut(_ wide: Int128) -> Int64 { Int64(clamping: wide) }
        var generator = SeededGenerator(seed: 1, stream: "saturating")
        let drawn = (0..<40).map { _ in Int64(bitPattern: generator.next()) >> Int64(generator.below(64)) }
        for left in Self.edges + drawn {
            for right in Self.edges + drawn {
                let (wideLeft, wideRight) = (Int128(left), Int128(right))
                #expect(left.addingSaturating(right) == cut(wideLeft + wideRight))
                #expect(left.subtractingSaturating(right) == cut(wideLeft - wideRight))
                #expect(left.multipliedSaturating(by: right) == cut(wideLeft * wideRight))
            }
        }
        #expect(UInt64.max.addingSaturating(1) == .max)
        #expect(UInt64(1).subtractingSaturating(2) == 0)
        #expect(UInt64.max.multipliedSaturating(by: 2) == .max)
    }

    @Test func secondsAsDoubleKeepTheirSign() {
        #expect(Duration.milliseconds(1_500).secondsDouble == 1.5)
        #expect(Duration.milliseconds(-1_500).secondsDouble == -1.5)
        #expect(Duration.seconds(Int64.max).secondsDouble == 0x1p63)
    }

    @Test(arguments: [.nan, .signalingNaN, .infinity, -.infinity, 1e300, 9.3e9, -9.3e9] as [Double])
    func secondsThatAreNoTimeAreNil(seconds: Double) {
        #expect(Duration(exactSeconds: seconds) == nil)
    }

    @Test func secondsBecomeTheNearestNanosecond() {
        #expect(Duration(exactSeconds: 0.1) == .milliseconds(100))
        #expect(Duration(exactSeconds: -2.5) == .milliseconds(-2_500))
        #expect(Duration(exactSeconds: 0) == .zero)
        #expect(Duration(exactSeconds: 1e-10) == .zero)
    }
}
