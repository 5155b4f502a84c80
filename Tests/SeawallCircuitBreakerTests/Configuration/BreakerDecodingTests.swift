import SeawallTestSupport
import SeawallTime
import Testing

@testable import SeawallCircuitBreaker

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Configurations and what operators have set come from files: whatever is in them is read, or refused by name, and what
/// was read can be used.
@Suite struct BreakerDecodingTests {
    private func texts<Value: Codable & Equatable>(_ values: [Value], use: (Value) throws -> Void) throws {
        let good = try values.map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) }
        var texts = MutatedText(good, seed: 13)
        var (read, refused) = (0, 0)
        for _ in 0..<1_000 {
            let text = texts.next()
            do {
                let value = try JSONDecoder().decode(Value.self, from: Data(text))
                try use(value)
                read += 1
            } catch is DecodingError {
                refused += 1
            } catch let error as InvalidFields {
                #expect(!error.fields.isEmpty)
                refused += 1
            } catch {
                Issue.record("\(String(decoding: text, as: UTF8.self)) is refused with \(type(of: error)) \(error)")
            }
        }
        #expect(read > 100 && refused > 100, "\(read) read, \(refused) refused")
    }

    @Test func configurations() throws {
        let rates = CircuitBreakerConfiguration.Rates(
            window: .time(.seconds(60)), minimumCalls: 10, slowCallsPerMille: 500, slowCallDuration: .seconds(2))
        try texts([CircuitBreakerConfiguration(), .plain(failures: 3), .rated(rates)]) { configuration in
            let time = ManualTime()
            let breaker = try CircuitBreaker(name: "read", configuration: configuration, time: time)
            for _ in 0..<20 {
                if let ticket = breaker.admit().ticket { breaker.record(.failure, for: ticket) }
                time.advance(by: .seconds(1))
            }
            breaker.reset()
            #expect(breaker.state == (configuration.isEnabled ? .closed : .disabled) || !configuration.isEnabled)
        }
    }

    @Test func whatAnOperatorHasSet() throws {
        let until = CivilInstant(millisecondsSinceEpoch: 1_700_000_000_000)
        let states = [
            CircuitBreaker.OperatorState(.isolated, reason: "maintenance", until: until),
            CircuitBreaker.OperatorState(.disabled, reason: "drill"),
            CircuitBreaker.OperatorState(.shadow, reason: "first week", enforcedPerMille: 250),
        ]
        try texts(states) { state in
            let breaker = try CircuitBreaker(name: "kept", configuration: .plain(failures: 1), time: ManualTime())
            breaker.restore(state)
            let kept = breaker.operatorState
            #expect(kept?.kind == state.kind || state.kind == .isolated)
            _ = breaker.admit()
            breaker.release()
            #expect(breaker.operatorState == nil)
        }
    }
}
