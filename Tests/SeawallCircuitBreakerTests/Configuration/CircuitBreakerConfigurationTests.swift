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
            consecutiveFailures: 0, failureRate: .init(perMille: 1_001, window: 0, minimumCalls: 5),
            openDuration: .zero, openDurationGrowth: .nan, openDurationCap: .seconds(-1), probes: 0,
            successesToClose: 0, probeLease: .zero)
        #expect(
            names { _ = try CircuitBreaker(name: "", configuration: bad) } == [
                "name", "consecutiveFailures", "failureRate.perMille", "failureRate.window",
                "failureRate.minimumCalls", "openDuration", "openDurationGrowth", "openDurationCap", "probes",
                "successesToClose", "probeLease",
            ])
    }

    @Test func eachBadValueIsRefusedAlone() {
        func refused(_ change: (inout CircuitBreakerConfiguration) -> Void) -> [String] {
            var configuration = CircuitBreakerConfiguration.general
            change(&configuration)
            return names { try configuration.validate() }
        }
        for count in [0, -1, Int.min] { #expect(refused { $0.consecutiveFailures = count } == ["consecutiveFailures"]) }
        #expect(refused { $0.consecutiveFailures = nil } == ["failureRate"])
        #expect(refused { $0.failureRate = .init(perMille: 0) } == ["failureRate.perMille"])
        #expect(refused { $0.failureRate = .init(window: 5, minimumCalls: 6) } == ["failureRate.minimumCalls"])
        #expect(refused { $0.failureRate = .init(window: .max, minimumCalls: 1) } == ["failureRate.window"])
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
                consecutiveFailures: nil, failureRate: .init(), openDuration: .milliseconds(250)),
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
        let exchange = #"{"openDuration": 30, "openDurationGrowth": 1, "successesToClose": 2}"#
        #expect(try decode(exchange) == .exchange)
        #expect(
            names { _ = try decode(#"{"consecutiveFailures": null, "probes": 0, "openDuration": 1e300}"#) } == [
                "openDuration", "failureRate", "probes",
            ])
    }
}
