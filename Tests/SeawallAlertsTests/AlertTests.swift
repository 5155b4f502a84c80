import SeawallAlerts
import SeawallTime
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct AlertTests {
    private func makeAlert(at: Int64, duration: Duration?) -> Alert {
        Alert(
            episode: "alert-7", event: .end, severity: .critical, code: "guard_trip", message: "Daily \"loss\".",
            causes: ["a", "b"], scope: "symbol:BTC-USD", at: MonotonicInstant(nanoseconds: at),
            civil: CivilInstant(nanosecondsSinceEpoch: 1_704_067_200_123_456_789), duration: duration, suppressed: 3)
    }

    @Test(arguments: [nil, Duration.zero, .nanoseconds(1), .seconds(86_400), .nanoseconds(7_200_000_000_001)])
    func itSurvivesJSON(duration: Duration?) throws {
        let alert = makeAlert(at: 12_345_678_901_234_567 / 2, duration: duration)
        let data = try JSONEncoder().encode(alert)
        #expect(try JSONDecoder().decode(Alert.self, from: data) == alert)
    }

    @Test func itsTextIsFixed() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let text = String(
            decoding: try encoder.encode(makeAlert(at: 1_500_000_000, duration: .seconds(2))), as: UTF8.self)
        #expect(
            text == #"""
                {"at":1.5,"causes":["a","b"],"civil_nanoseconds":1704067200123456789,"code":"guard_trip","duration":2,\#
                "episode":"alert-7","event":"end","message":"Daily \"loss\".","scope":"symbol:BTC-USD",\#
                "severity":"critical","suppressed":3}
                """#)
    }

    @Test(arguments: ["1e300", "-1e300"]) func secondsBeyondTheClockBecomeItsEnds(seconds: String) throws {
        let text =
            #"{"at":\#(seconds),"causes":[],"civil_nanoseconds":0,"code":"","episode":"","event":"begin","message":"","scope":"","severity":"info","suppressed":0}"#
        let alert = try JSONDecoder().decode(Alert.self, from: Data(text.utf8))
        #expect(alert.at.nanoseconds == (seconds.hasPrefix("-") ? .min : .max))
    }

    @Test func severitiesAreOrdered() {
        #expect(AlertSeverity.allCases == [.info, .warning, .error, .critical])
        #expect(AlertSeverity.allCases.sorted(by: >) == AlertSeverity.allCases.reversed())
    }
}
