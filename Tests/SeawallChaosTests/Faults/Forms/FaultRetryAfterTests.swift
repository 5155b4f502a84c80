import SeawallBroker
import SeawallTime
import Testing

@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct FaultRetryAfterTests {
    private let civil = CivilInstant(millisecondsSinceEpoch: 1_700_000_000_000)

    @Test func eachFormIsTheTextThatAVenueWouldSend() {
        let texts = FaultRetryAfter.everyForm(seconds: 30).map { $0.text(civilNow: civil) }
        #expect(
            texts == [
                nil, "30", "Tue, 14 Nov 2023 22:13:50 GMT", "1700000030000", "Tue, 14 Nov 2023 21:13:20 GMT", "soon",
                "99999999999999999999999999",
            ])
    }

    @Test func theParserReadsTheGoodFormsAndRefusesTheRest() {
        let waits = FaultRetryAfter.everyForm(seconds: 30).map { form in
            form.text(civilNow: civil).flatMap { RetryAfter($0) }?.instant(now: .origin, civilNow: civil)
        }
        let half = MonotonicInstant.origin.advanced(by: .seconds(30))
        #expect(waits == [nil, half, half, half, .origin, nil, nil])
    }

    @Test func aLiteralIsATextAndNilIsNothing() {
        let text: FaultRetryAfter = "7"
        let nothing: FaultRetryAfter = nil
        #expect(text == .seconds(7))
        #expect(nothing == .absent)
        #expect(text.end(civilNow: civil) == civil.advanced(by: .seconds(7)))
        #expect(FaultRetryAfter.rubbish.end(civilNow: civil) == nil)
    }

    @Test func everyFormSurvivesEncoding() throws {
        for form in FaultRetryAfter.everyForm(seconds: 5) {
            let effect = FaultEffect.banned(retryAfter: form)
            let data = try JSONEncoder().encode(effect)
            #expect(try JSONDecoder().decode(FaultEffect.self, from: data) == effect)
        }
    }
}
