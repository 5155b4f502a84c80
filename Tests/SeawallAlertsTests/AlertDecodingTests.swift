import SeawallAlerts
import SeawallTestSupport
import SeawallTime
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Records and configurations come from files and from other programs: they are read, or refused by name.
@Suite struct AlertDecodingTests {
    private func read<Value: Codable & Equatable>(
        _ type: Value.Type, from good: [String], use: (Value) throws -> Void
    ) throws {
        var texts = MutatedText(good, seed: 7)
        var (read, refused) = (0, 0)
        for _ in 0..<1_000 {
            let text = texts.next()
            let value: Value
            do {
                value = try JSONDecoder().decode(type, from: Data(text))
            } catch is DecodingError {
                refused += 1
                continue
            } catch {
                Issue.record("\(String(decoding: text, as: UTF8.self)) is refused with \(error)")
                continue
            }
            read += 1
            try use(value)
            let again = try JSONDecoder().decode(type, from: JSONEncoder().encode(value))
            // Seconds as a Double may lose a nanosecond once, and never twice.
            #expect(try JSONDecoder().decode(type, from: JSONEncoder().encode(again)) == again)
        }
        #expect(read > 100 && refused > 200, "\(read) read, \(refused) refused")
    }

    @Test func transitionsOfBreakers() throws {
        let manager = try AlertManager(environment: RuntimeEnvironment(time: ManualTime()))
        let good = #"""
            {"breaker_name":"binance_api","old_state":"CLOSED","new_state":"OPEN","severity":"critical",\#
            "timestamp":"2025-10-22T11:45:00.123456789Z","failure_count":5,"message":"m","metadata":{"reason":"failure_rate"}}
            """#
        try read(CircuitBreakerAlert.self, from: [good]) { manager.report($0) }
        #expect(manager.breakerHistory().count == 100)
    }

    @Test func alerts() throws {
        let good = #"""
            {"at":1.5,"causes":["a","b"],"civil_nanoseconds":1704067200123456789,"code":"guard_trip","duration":2,\#
            "episode":"alert-7","event":"end","message":"m","scope":"symbol:BTC-USD","severity":"critical","suppressed":3,\#
            "flapping":true,"asks_acknowledgement":true,"acknowledged_by":"night"}
            """#
        try read(Alert.self, from: [good]) { #expect(!$0.logLine.utf8.contains(UInt8(ascii: "\n"))) }
    }

    @Test func statusesOfSinks() throws {
        let good =
            #"{"name":"a","minimumSeverity":"error","delivered":1,"failed":2,"dropped":3,"waiting":4}"#
        try read(AlertSinkStatus.self, from: [good]) { _ in }
    }

    /// What is read and in range makes a manager that goes through an episode at the ends of time.
    @Test func configurations() throws {
        let good = #"""
            {"episodePrefix":"boot3-","reminderAfter":1.5,"longestReminderWait":7,"remindsByItself":false,"flapCount":2,\#
            "flapWindow":11,"flapCalm":12,"acknowledgeFrom":"critical","historyLimit":1,"queueLimit":2,"episodeLimit":3}
            """#
        var managers = 0
        try read(AlertConfiguration.self, from: [good]) { configuration in
            var configuration = configuration
            configuration.remindsByItself = false
            let time = ManualTime(start: MonotonicInstant(nanoseconds: .max - 1_000_000_000_000))
            let manager: AlertManager
            do throws(InvalidFields) {
                manager = try AlertManager(configuration: configuration, environment: RuntimeEnvironment(time: time))
            } catch {
                #expect(!error.fields.isEmpty)
                return
            }
            managers += 1
            for _ in 0..<3 {
                manager.begin("a", code: "c", severity: .error, message: "m")
                manager.begin("b", code: "c", severity: .critical, message: "m")
                time.advance(by: .seconds(400))
                manager.remindIfDue()
                manager.end("a")
            }
            time.advance(by: .seconds(Int64.max))
            manager.remindIfDue()
            #expect(manager.history.count <= configuration.historyLimit)
            #expect(manager.openEpisodes.count <= configuration.episodeLimit)
        }
        #expect(managers > 100)
    }
}
