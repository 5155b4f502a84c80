import SeawallCircuitBreaker
import SeawallTime
import Testing

@Suite struct CircuitBreakerSettingsTests {
    @Test func whatIsNotSetStaysAsItIs() throws {
        #expect(try CircuitBreakerConfiguration.live.overridden(by: [:]) == .live)
        #expect(try CircuitBreakerConfiguration.live.overridden(bySection: ["rate_limit_requests": "30"]) == .live)
    }

    @Test func variablesAndSectionsNameTheSameValues() throws {
        let variables = [
            "PEAK_TRADE_CIRCUIT_BREAKER_THRESHOLD": "10", "PEAK_TRADE_CIRCUIT_BREAKER_TIMEOUT": "1200",
        ]
        let section = ["circuit_breaker_threshold": "10", "circuit_breaker_timeout": "1200"]
        let general = CircuitBreakerConfiguration.general
        let configuration = try general.overridden(by: variables)
        #expect(configuration.consecutiveFailures == 10)
        #expect(configuration.openDuration == .seconds(1_200) && configuration.openDurationCap == .seconds(1_200))
        #expect(try general.overridden(bySection: section) == configuration)
    }

    @Test func everyBadValueIsListedByItsName() {
        let error = #expect(throws: InvalidFields.self) {
            try CircuitBreakerConfiguration.general.overridden(bySection: [
                "circuit_breaker_enabled": "perhaps", "circuit_breaker_threshold": "0",
                "circuit_breaker_timeout": "inf",
            ])
        }
        #expect(
            error?.fields.map(\.name) == [
                "circuit_breaker_enabled", "circuit_breaker_threshold", "circuit_breaker_timeout",
            ])
    }

    @Test func aSettingThatSwitchesABreakerOffIsObeyed() throws {
        let general = CircuitBreakerConfiguration.general
        for (text, isEnabled) in [("false", false), ("0", false), ("FALSE", false), ("true", true), ("1", true)] {
            let variables = try general.overridden(by: ["PEAK_TRADE_CIRCUIT_BREAKER_ENABLED": text])
            let section = try general.overridden(bySection: ["circuit_breaker_enabled": text])
            #expect(variables.isEnabled == isEnabled && section == variables, "\(text)")
        }
        // What is not set stays as it is, and what is set comes before what was.
        let off = CircuitBreakerConfiguration(isEnabled: false)
        #expect(try off.overridden(bySection: ["circuit_breaker_enabled": ""]) == off)
        #expect(try off.overridden(bySection: ["circuit_breaker_enabled": "1"]) == general)
        let breaker = try CircuitBreaker(
            name: "orders", configuration: general.overridden(bySection: ["circuit_breaker_enabled": "false"]))
        #expect(breaker.state == .disabled)
    }
}
