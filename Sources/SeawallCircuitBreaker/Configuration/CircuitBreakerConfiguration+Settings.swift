public import SeawallTime

extension CircuitBreakerConfiguration {
    /// A configuration with what environment variables say in place of its own values.
    ///
    /// `PEAK_TRADE_CIRCUIT_BREAKER_THRESHOLD` is how many failures in a row trip it, `PEAK_TRADE_CIRCUIT_BREAKER_TIMEOUT` how
    /// many seconds it is open. What is missing or empty stays as it is. A time open over the cap lifts the cap to it.
    ///
    /// Where `PEAK_TRADE_CIRCUIT_BREAKER_ENABLED` is `false` or `0`, the breaker begins disabled; see `isEnabled`.
    ///
    /// - Parameter variables: names and values, for example `ProcessInfo.processInfo.environment`.
    /// - Throws: `InvalidFields` that lists every variable that is out of its range.
    public func overridden(by variables: [String: String]) throws(InvalidFields) -> CircuitBreakerConfiguration {
        try overridden(by: variables, prefix: "PEAK_TRADE_CIRCUIT_BREAKER_", { $0.uppercased() })
    }

    /// A configuration with what a section of a file says in place of its own values.
    ///
    /// `circuit_breaker_threshold` is how many failures in a row trip it, `circuit_breaker_timeout` how many seconds it is
    /// open; where `circuit_breaker_enabled` is `false` or `0` it begins disabled, as `isEnabled` says. What is missing or
    /// empty stays as it is; other names are left to whoever reads them.
    ///
    /// - Parameter section: names and values, as `[resilience.portfolio]` of a `config.toml` has them.
    /// - Throws: `InvalidFields` that lists every value that is out of its range.
    public func overridden(bySection section: [String: String]) throws(InvalidFields) -> CircuitBreakerConfiguration {
        try overridden(by: section, prefix: "circuit_breaker_", { $0 })
    }

    private func overridden(
        by settings: [String: String], prefix: String, _ name: (String) -> String
    ) throws(InvalidFields) -> CircuitBreakerConfiguration {
        var reader = SettingsReader(settings, subject: "circuit breaker configuration")
        var configuration = self
        configuration.isEnabled = reader.flag(prefix + name("enabled")) ?? isEnabled
        if let failures = reader.whole(prefix + name("threshold"), in: 1...Int.max) {
            configuration.consecutiveFailures = failures
        }
        if let duration = reader.seconds(prefix + name("timeout")) {
            configuration.openDuration = duration
            configuration.openDurationCap = max(openDurationCap, duration)
        }
        reader.note(configuration.invalid, as: [:])
        try reader.invalid.throwIfAny()
        return configuration
    }
}
