import SeawallAlerts
import SeawallTime
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct CircuitBreakerAlertTests {
    private typealias State = CircuitBreakerAlert.State

    private let opened = CircuitBreakerAlert(
        breakerName: "binance_api", from: .closed, to: .open,
        timestamp: CivilInstant(millisecondsSinceEpoch: 1_761_133_500_000), failureCount: 5,
        metadata: ["reason": "failure_rate"])

    @Test func itsTextHasTheFieldNamesOfTheFirstSystem() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        #expect(
            String(decoding: try encoder.encode(opened), as: UTF8.self) == #"""
                {"breaker_name":"binance_api","failure_count":5,\#
                "message":"Circuit breaker 'binance_api' opened due to repeated failures",\#
                "metadata":{"reason":"failure_rate"},"new_state":"OPEN","old_state":"CLOSED","severity":"critical",\#
                "timestamp":"2025-10-22T11:45:00Z"}
                """#)
    }

    @Test func theFirstSystemsOwnTextIsRead() throws {
        let text = #"""
            {"breaker_name": "binance_api", "old_state": "CLOSED", "new_state": "OPEN", "severity": "critical",
             "timestamp": "2025-10-22T11:45:00Z", "failure_count": 5,
             "message": "Circuit breaker 'binance_api' opened due to repeated failures"}
            """#
        var expected = opened
        expected.metadata = [:]
        #expect(try JSONDecoder().decode(CircuitBreakerAlert.self, from: Data(text.utf8)) == expected)
    }

    @Test func itSurvivesJSONWithAStateThatIsNotKnownHere() throws {
        var alert = opened
        alert.newState = State(rawValue: "FORCED")
        alert.timestamp = CivilInstant(nanosecondsSinceEpoch: 1_761_133_500_123_456_789)
        let data = try JSONEncoder().encode(alert)
        #expect(try JSONDecoder().decode(CircuitBreakerAlert.self, from: data) == alert)
    }

    /// A time without an offset could be any of 24.
    @Test(arguments: ["2025-10-22T11:45:00", "1761133500", ""]) func aTimeWithoutAnOffsetIsRefused(time: String) throws
    {
        let text =
            #"{"breaker_name":"b","old_state":"CLOSED","new_state":"OPEN","severity":"info","timestamp":"\#(time)","failure_count":0,"message":""}"#
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(CircuitBreakerAlert.self, from: Data(text.utf8))
        }
    }

    @Test func severitiesAreThoseOfTheTable() {
        #expect(CircuitBreakerAlert.severity(from: .closed, to: .open) == .critical)
        #expect(CircuitBreakerAlert.severity(from: .open, to: .halfOpen) == .warning)
        #expect(CircuitBreakerAlert.severity(from: .halfOpen, to: .closed) == .info)
        #expect(CircuitBreakerAlert.severity(from: .halfOpen, to: .open) == .critical)
        #expect(CircuitBreakerAlert.severity(from: .closed, to: .isolated) == .warning)
        #expect(CircuitBreakerAlert.severity(from: .isolated, to: .closed) == .info)
    }

    /// A failed recovery read as a first trip, and a reset as a recovery, once.
    @Test func messagesTellWhatHappened() {
        func message(_ from: State, _ to: State) -> String {
            CircuitBreakerAlert(
                breakerName: "b", from: from, to: to, timestamp: CivilInstant(nanosecondsSinceEpoch: 0)
            ).message
        }
        #expect(message(.halfOpen, .open) == "Circuit breaker 'b' opened again: the recovery failed")
        #expect(message(.halfOpen, .closed) == "Circuit breaker 'b' closed: the service recovered")
        #expect(message(.open, .closed) == "Circuit breaker 'b' was reset")
        #expect(message(.open, .halfOpen) == "Circuit breaker 'b' is testing recovery")
        let all: [State] = [.closed, .open, .halfOpen, .isolated, .disabled, State(rawValue: "ODD")]
        let messages = all.flatMap { from in all.filter { $0 != from }.map { message(from, $0) } }
        #expect(messages.allSatisfy { $0.hasPrefix("Circuit breaker 'b' ") })
    }
}
