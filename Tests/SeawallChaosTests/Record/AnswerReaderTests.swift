import SeawallBroker
import SeawallTime
import Testing

@testable import Seawall
@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct AnswerReaderTests {
    private static let civilAtZero = CivilInstant(millisecondsSinceEpoch: 1_700_000_000_000)
    private static let now = MonotonicInstant.origin.advanced(by: .seconds(100))

    private func read(
        _ error: BrokerError, _ profile: VenueProfile = .binanceUSDM, _ operation: BrokerOperation = .place,
        machineIsAhead ahead: Duration = .zero
    ) -> AnswerReader.Reading {
        AnswerReader(profile: profile, civilAtZero: Self.civilAtZero).read(
            error, to: operation, symbol: "BTC", now: Self.now,
            machineNow: Self.civilAtZero.advanced(by: .seconds(100) + ahead))
    }

    private func limited(retryAfter: String?) -> BrokerError {
        BrokerError(
            code: .answered, message: "slow down", delivery: .answered, status: 429, retryAfter: retryAfter)
    }

    /// Every reason of every profile, in the profile's own words, is read as what it means.
    @Test(arguments: VenueProfile.all) func everyWordingIsReadAsWhatItMeans(_ profile: VenueProfile) throws {
        let words: [ErrorRule.Meaning: String] = [
            .rejected: "rejected", .venueMode: "rejected", .authentication: "rejected", .sessionExpired: "rejected",
            .rateLimited: "rate_limited", .banned: "banned", .reduceCapacity: "reduce_capacity",
            .noSuchOrder: "no_such_order", .duplicate: "duplicate", .clockSkew: "clock_skew",
            .overloaded: "overloaded", .ambiguous: "ambiguous", .partial: "ambiguous",
        ]
        let end = Self.civilAtZero.advanced(by: .seconds(107))
        for reason in RefusalReason.all where profile.wordings[reason] != nil {
            for operation in reason.operations.sorted(by: { $0.rawValue < $1.rawValue }) {
                let error = profile.error(
                    reason, to: operation, until: end, now: Self.civilAtZero.advanced(by: .seconds(100)))
                let reading = read(error, profile, operation)
                let meaning = try #require(profile.meaning(of: reason, to: operation))
                #expect(reading.outcome == words[meaning], "\(profile.name) \(reason) to \(operation): \(error)")
                let isLimit = meaning == .rateLimited || meaning == .banned
                #expect((reading.scope != nil) == isLimit, "\(profile.name) \(reason)")
                let saysWhen =
                    error.retryAfter != nil
                    || profile.wording(of: reason, to: operation).message.contains("{until_ms}")
                let expected = isLimit && saysWhen ? MonotonicInstant.origin.advanced(by: .seconds(107)) : nil
                #expect(reading.until == expected, "\(profile.name) \(reason): \(error)")
            }
        }
    }

    @Test func retryAfterIsReadInEveryForm() {
        let expected = MonotonicInstant.origin.advanced(by: .seconds(107))
        // 100 s after instant zero it is 2023-11-14T22:15:00Z.
        for text in ["7", "Tue, 14 Nov 2023 22:15:07 GMT", "1700000107000"] {
            #expect(read(limited(retryAfter: text)).until == expected, "\(text)")
        }
        for text in [nil, "soon", "-1", "Tue, 14 Nov 2023 22:15:07", "Tue, 41 Nov 2023 22:15:07 GMT"] {
            #expect(read(limited(retryAfter: text)).until == nil, "\(text ?? "nil")")
        }
        #expect(read(limited(retryAfter: "1700000001000")).until == Self.now)
    }

    @Test func aDateIsHeldToTheClockThatIsAhead() {
        for ahead in [Duration.seconds(-3_600), .seconds(5)] {
            let until = read(limited(retryAfter: "Tue, 14 Nov 2023 22:15:07 GMT"), machineIsAhead: ahead).until
            #expect(until == Self.now.advanced(by: min(.seconds(7), .seconds(7) - ahead)))
        }
    }

    @Test(arguments: [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
        (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (1_709_251_199, "Thu, 29 Feb 2024 23:59:59 GMT"),
    ])
    func datesOfHTTP(_ seconds: Int64, _ text: String) {
        #expect(CivilInstant(answerDate: text) == CivilInstant(millisecondsSinceEpoch: seconds * 1_000))
    }

    @Test func whatNobodyKnowsProvesNothing() {
        let error = BrokerError(code: .answered, message: "", delivery: .answered, status: 500)
        #expect(read(error).outcome == "ambiguous")
        #expect(read(BrokerError(code: .timeout, message: "", delivery: .maybeSent)).outcome == "ambiguous")
        #expect(read(BrokerError(code: .transport, message: "", delivery: .notSent)).outcome == "not_sent")
    }
}
