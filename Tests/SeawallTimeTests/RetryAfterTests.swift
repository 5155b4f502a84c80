import SeawallTime
import Testing

@Suite struct RetryAfterTests {
    private let now = MonotonicInstant(nanoseconds: 5_000_000_000)
    private let civilNow = CivilInstant(millisecondsSinceEpoch: 1_678_406_400_000)

    @Test(arguments: [
        ("0", Duration.zero), ("30", .seconds(30)), ("030", .seconds(30)), (" 30\t", .seconds(30)),
        ("1.5", .milliseconds(1_500)), ("0.000000001", .nanoseconds(1)), ("0.0000000001", .nanoseconds(1)),
        ("1.9999999999", .seconds(2)), ("1.0000000000", .seconds(1)), ("259200", .seconds(259_200)),
        ("999999999", .seconds(999_999_999)),
    ])
    func readsSeconds(raw: String, delay: Duration) throws {
        let retryAfter = try #require(RetryAfter(raw))
        #expect(retryAfter.form == .delay(delay))
        #expect(retryAfter.raw == raw)
        #expect(retryAfter.instant(now: now, civilNow: civilNow) == now.advanced(by: delay))
    }

    @Test(arguments: [
        ("Fri, 10 Mar 2023 00:01:00 GMT", 60_000), ("Friday, 10-Mar-23 00:01:00 GMT", 60_000),
        ("Fri Mar 10 00:01:00 2023", 60_000), ("1678406460000", 60_000), ("1678406460", 60_000),
        ("1678406400001", 1), (" 1678406400001 ", 1), ("1678406400", 0), ("1678406399999", 0),
        ("Thu, 09 Mar 2023 00:00:00 GMT", 0), ("1000000000", 0), ("100000000000", 0),
    ])
    func readsDatesAndUnixTimes(raw: String, millisecondsFromNow: Int) throws {
        let retryAfter = try #require(RetryAfter(raw))
        #expect(retryAfter.raw == raw)
        let instant = retryAfter.instant(now: now, civilNow: civilNow)
        #expect(instant == now.advanced(by: .milliseconds(millisecondsFromNow)))
    }

    @Test func theSizeOfANumberTellsItsUnit() {
        let second = Int64(1_000_000_000)
        #expect(RetryAfter("999999999.9")?.form == .delay(.milliseconds(999_999_999_900)))
        #expect(RetryAfter("1000000000")?.form == .date(CivilInstant(nanosecondsSinceEpoch: second * second)))
        #expect(
            RetryAfter("9223372035")?.form == .date(CivilInstant(nanosecondsSinceEpoch: 9_223_372_035 * second)))
        #expect(RetryAfter("100000000000")?.form == .date(CivilInstant(millisecondsSinceEpoch: 100 * second)))
        #expect(RetryAfter("9223372036854")?.form == .date(CivilInstant(millisecondsSinceEpoch: 9_223_372_036_854)))
    }

    @Test func aFractionOfAUnixTimeIsRoundedUp() {
        #expect(RetryAfter("1678406400000.0000001")?.form == .date(civilNow.advanced(by: .nanoseconds(1))))
        #expect(RetryAfter("1678406400.5")?.form == .date(civilNow.advanced(by: .milliseconds(500))))
    }

    @Test(arguments: [
        "", " ", "-1", "-0", "+30", "NaN", "nan", "inf", "Infinity", "1e3", "0x10", "1_000", "30s",
        "30 s", "1.",
        ".5", "1.5.1", "1,5", "120, 60", "soon", "٣٠", "99999999999999", "9223372036855",
        "9223372037",
        "92233720368547758070", "99999999999999999999999999999999999999999", "\u{0}30", "30\n",
        "Fri, 10 Mar 2023 00:01:00",
        "2023-03-10T00:00:00Z",
    ])
    func refusesRubbish(raw: String) {
        #expect(RetryAfter(raw) == nil)
    }

    @Test func nothingIsEverBeforeNowAndTheFutureSaturates() throws {
        let late = MonotonicInstant(nanoseconds: .max - 1)
        let far = try #require(RetryAfter("9223372036854"))
        #expect(far.instant(now: late, civilNow: civilNow) == .distantFuture)
        #expect(far.instant(now: now, civilNow: CivilInstant(nanosecondsSinceEpoch: .min)) == .distantFuture)
        #expect(far.instant(now: now, civilNow: CivilInstant(nanosecondsSinceEpoch: .max)) == now)
        let delay = try #require(RetryAfter("999999999"))
        #expect(delay.instant(now: late, civilNow: civilNow) == .distantFuture)
    }

    @Test func everyNumberOfSecondsIsNeitherShortenedNorStretchedByMoreThanANanosecond() throws {
        var generator = SeededGenerator(seed: 3, stream: "retry-after")
        for _ in 0..<3_000 {
            let seconds = generator.below(1_000_000)
            let billionths = generator.below(1_000_000_000)
            let rest = generator.below(3)
            let digits = String(billionths)
            let padded = String(repeating: "0", count: 9 - digits.count) + digits
            let raw = "\(seconds).\(padded)\(rest)"
            let delay = Duration.seconds(Int64(seconds)) + .nanoseconds(Int64(billionths) + (rest > 0 ? 1 : 0))
            #expect(try #require(RetryAfter(raw)).form == .delay(delay))
        }
    }
}
