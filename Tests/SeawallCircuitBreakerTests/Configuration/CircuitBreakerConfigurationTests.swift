import SeawallTime
import Testing

@testable import SeawallCircuitBreaker

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct CircuitBreakerConfigurationTests {
    private func names(_ body: () throws -> Void) -> [String] {
        do {
            try body()
            return []
        } catch let error as InvalidFields {
            return error.fields.map(\.name)
        } catch {
            Issue.record("another error: \(error)")
            return []
        }
    }

    @Test func aBadConfigurationListsEveryBadFieldAtOnce() {
        let bad = CircuitBreakerConfiguration(
            consecutiveFailures: 0,
            rates: .init(
                window: .calls(0), minimumCalls: 5, failuresPerMille: 1_001, slowCallsPerMille: 0,
                slowCallDuration: .zero),
            openDuration: .zero, openDurationGrowth: .nan, openDurationCap: .seconds(-1), openDurationJitter: .nan,
            probes: 0, successesToClose: 0, probeLease: .zero, ramp: .init(duration: .zero, firstPerMille: 0))
        #expect(
            names { _ = try CircuitBreaker(name: "", configuration: bad) } == [
                "name", "consecutiveFailures", "rates.window", "rates.minimumCalls", "rates.failuresPerMille",
                "rates.slowCallsPerMille", "rates.slowCallDuration", "openDuration", "openDurationGrowth",
                "openDurationCap", "openDurationJitter", "probes", "successesToClose", "probeLease", "ramp.duration",
                "ramp.firstPerMille",
            ])
    }

    @Test func eachBadValueIsRefusedAlone() {
        func refused(_ change: (inout CircuitBreakerConfiguration) -> Void) -> [String] {
            var configuration = CircuitBreakerConfiguration.general
            change(&configuration)
            return names { try configuration.validate() }
        }
        for count in [0, -1, Int.min] { #expect(refused { $0.consecutiveFailures = count } == ["consecutiveFailures"]) }
        #expect(refused { $0.consecutiveFailures = nil } == ["rates"])
        for rate in [0, -1, 1_001, Int.min, Int.max] {
            #expect(refused { $0.rates = .init(failuresPerMille: rate) } == ["rates.failuresPerMille"])
            #expect(refused { $0.rates = .init(slowCallsPerMille: rate) } == ["rates.slowCallsPerMille"])
        }
        #expect(refused { $0.rates = .init(failuresPerMille: nil) } == ["rates.failuresPerMille"])
        #expect(refused { $0.rates = .init(window: .calls(5), minimumCalls: 6) } == ["rates.minimumCalls"])
        #expect(refused { $0.rates = .init(window: .calls(.max), minimumCalls: 1) } == ["rates.window"])
        #expect(refused { $0.rates = .init(window: .time(.zero)) } == ["rates.window"])
        #expect(refused { $0.rates = .init(window: .time(.seconds(1)), minimumCalls: 0) } == ["rates.minimumCalls"])
        #expect(refused { $0.rates = .init(slowCallDuration: .seconds(-1)) } == ["rates.slowCallDuration"])
        for jitter in [-0.1, 1.1, .infinity, .nan] {
            #expect(refused { $0.openDurationJitter = jitter } == ["openDurationJitter"])
        }
        #expect(refused { $0.ramp = .init(duration: .seconds(-1)) } == ["ramp.duration"])
        #expect(refused { $0.ramp = .init(duration: .seconds(1), firstPerMille: 1_001) } == ["ramp.firstPerMille"])
        for growth in [0.99, -1, .infinity, .nan] {
            #expect(refused { $0.openDurationGrowth = growth } == ["openDurationGrowth"])
        }
        #expect(refused { $0.openDurationCap = .seconds(59) } == ["openDurationCap"])
        #expect(refused { $0.probes = .max } == ["probes"])
        #expect(refused { $0.probeLease = .seconds(-1) } == ["probeLease"])
        #expect(refused { $0.consecutiveFailures = .max }.isEmpty)
    }

    @Test func theMessageNamesValueAndRange() {
        let error = #expect(throws: InvalidFields.self) {
            try CircuitBreaker(name: "x", configuration: CircuitBreakerConfiguration(probes: 0))
        }
        #expect(error?.description == "invalid circuit breaker configuration: probes is 0, expected 1 to 1000")
    }

    @Test func configurationsGoThroughJSONAndBack() throws {
        let configurations: [CircuitBreakerConfiguration] = [
            .general, .exchange, .dex, .socialAPI, .backtest, .portfolio, .risk, .live,
            CircuitBreakerConfiguration(
                consecutiveFailures: nil, rates: .init(), openDuration: .milliseconds(250)),
            CircuitBreakerConfiguration(
                rates: .init(
                    window: .time(.seconds(10)), minimumCalls: 20, failuresPerMille: nil, slowCallsPerMille: 800,
                    slowCallDuration: .milliseconds(1_500), clock: .coarse),
                openDurationJitter: 1, ramp: .init(duration: .seconds(20), firstPerMille: 50), isEnabled: false),
        ]
        for configuration in configurations {
            let data = try JSONEncoder().encode(configuration)
            #expect(try JSONDecoder().decode(CircuitBreakerConfiguration.self, from: data) == configuration)
        }
    }

    @Test func absentFieldsHaveTheirDefaults() throws {
        func decode(_ json: String) throws -> CircuitBreakerConfiguration {
            try JSONDecoder().decode(CircuitBreakerConfiguration.self, from: Data(json.utf8))
        }
        #expect(try decode("{}") == .general)
        let exchange = #"{"openDuration": 30, "openDurationGrowth": 1, "openDurationJitter": 0, "successesToClose": 2}"#
        #expect(try decode(exchange) == .exchange)
        #expect(
            names { _ = try decode(#"{"consecutiveFailures": null, "probes": 0, "openDuration": 1e300}"#) } == [
                "openDuration", "rates", "probes",
            ])
        let rates = try decode(#"{"rates": {"windowTime": 60}, "ramp": {"duration": 5}}"#)
        #expect(rates.rates == .init(window: .time(.seconds(60))))
        #expect(rates.ramp == .init(duration: .seconds(5)))
        let both = #"{"rates": {"windowTime": 60, "windowCalls": 10}}"#
        #expect(throws: DecodingError.self) { try decode(both) }
        #expect(throws: DecodingError.self) { try decode(#"{"ramp": {}}"#) }
        // A name that is misspelt would leave the default in its place, unseen.
        for text in [
            #"{"openDurations": 5}"#, #"{"rates": {"windowCall": 5}}"#, #"{"ramp": {"duration": 5, "first": 1}}"#,
        ] {
            #expect(throws: DecodingError.self, "\(text)") { try decode(text) }
        }
        #expect(names { _ = try decode(#"{"rates": {"windowTime": 1e300}}"#) } == ["windowTime"])
    }
}
