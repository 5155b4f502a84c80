import SeawallBroker
import SeawallTime
import Testing

@Suite struct WordingErrorTests {
    private let now = CivilInstant(millisecondsSinceEpoch: 1_700_000_000_250)
    private let end = CivilInstant(nanosecondsSinceEpoch: 1_700_000_030_000_000_001)

    private func retryAfter(_ form: RetryAfterForm, until end: CivilInstant?) -> String? {
        Wording(message: "slow", retryAfter: form).error(until: end, now: now).retryAfter
    }

    @Test func retryAfterIsSaidInEachFormAndNeverTooEarly() {
        #expect(retryAfter(.none, until: end) == nil)
        #expect(retryAfter(.seconds, until: end) == "30")
        #expect(retryAfter(.epochMilliseconds, until: end) == "1700000030001")
        #expect(retryAfter(.httpDate, until: end) == "Tue, 14 Nov 2023 22:13:51 GMT")
        for form in RetryAfterForm.allCases { #expect(retryAfter(form, until: nil) == nil) }
        #expect(retryAfter(.seconds, until: now) == "0")
        #expect(retryAfter(.seconds, until: CivilInstant(millisecondsSinceEpoch: 5)) == "0")
    }

    @Test(arguments: RetryAfterForm.allCases.filter { $0 != .none })
    func theParserReadsWhatAWordingSays(form: RetryAfterForm) throws {
        for nanoseconds in [Int64(1), 999_999, 1_000_000, 250_000_000, 750_000_000, 1_000_000_000, 60_000_000_001] {
            let end = now.advanced(by: .nanoseconds(nanoseconds))
            let text = try #require(retryAfter(form, until: end))
            let said = try #require(RetryAfter(text)).instant(now: .origin, civilNow: now)
            let exact = MonotonicInstant.origin.advanced(by: .nanoseconds(nanoseconds))
            #expect(said >= exact, "\(text)")
            #expect(said < exact.advanced(by: .seconds(1)), "\(text)")
        }
    }

    @Test func placeholdersAreFilledAndOtherBracesStay() {
        let wording = Wording(
            status: 418, code: "-1003", message: "banned until {until_ms} ({seconds} s, {code}) {message} {x",
            body: #"{"code":{code},"msg":"{message}","data":{}}"#)
        let error = wording.error(until: CivilInstant(millisecondsSinceEpoch: 1_700_000_060_250), now: now)
        #expect(error.status == 418)
        #expect(error.venueCode == "-1003")
        #expect(error.code == .answered)
        #expect(error.delivery == .answered)
        #expect(error.message == "banned until 1700000060250 (60 s, -1003) {message} {x")
        #expect(error.body == #"{"code":-1003,"msg":"\#(error.message)","data":{}}"#)
    }

    @Test func withoutAnEndItsPlaceIsEmptyAndWithoutABodyThereIsNone() {
        let error = Wording(status: 200, message: "until {until_ms}, {seconds}.").error(now: now)
        #expect(error.message == "until , .")
        #expect(error.body == nil)
        #expect(error.venueCode == nil)
        #expect(error.status == 200)
    }

    @Test func aMessageIsEscapedInTheBody() {
        let error = Wording(message: "say \"no\"\\\n\u{1}ß", body: #"{"m":"{message}"}"#).error(now: now)
        #expect(error.message == "say \"no\"\\\n\u{1}ß")
        #expect(error.body == #"{"m":"say \"no\"\\\n\u0001ß"}"#)
    }
}
