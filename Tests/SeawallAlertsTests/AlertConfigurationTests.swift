import SeawallAlerts
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct AlertConfigurationTests {
    @Test func itSurvivesJSON() throws {
        let configuration = AlertConfiguration(
            episodePrefix: "boot3-", reminderAfter: .milliseconds(1_500), longestReminderWait: .seconds(7),
            remindsByItself: false, flapCount: 9, flapWindow: .seconds(11), flapCalm: .seconds(12),
            acknowledgeFrom: .critical, historyLimit: 1, queueLimit: 2, episodeLimit: 3)
        let data = try JSONEncoder().encode(configuration)
        #expect(try JSONDecoder().decode(AlertConfiguration.self, from: data) == configuration)
    }

    @Test func whatIsNotThereHasItsDefault() throws {
        let decoded = try JSONDecoder().decode(AlertConfiguration.self, from: Data(#"{"queueLimit":5}"#.utf8))
        #expect(decoded == AlertConfiguration(queueLimit: 5))
    }

    @Test(arguments: [
        #"{"reminderAfter":1e300}"#, #"{"reminderAfter":"1"}"#, #"{"historyLimit":1.5}"#, #"{"queueLimits":5}"#,
    ])
    func whatCannotBeReadIsRefused(text: String) {
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(AlertConfiguration.self, from: Data(text.utf8))
        }
    }
}
