internal import SeawallTime

extension CircuitBreakerConfiguration: Codable {
    private enum CodingKeys: String, CodingKey {
        case consecutiveFailures, failureRate, openDuration, openDurationGrowth, openDurationCap
        case probes, successesToClose, probeLease
    }

    /// Reads a configuration; durations are seconds, absent fields have their defaults, and null leaves a rule out.
    ///
    /// - Throws: `DecodingError` where the shape is wrong, `InvalidFields` that lists every bad
    ///   field.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        var badFields: [InvalidFields.Field] = []
        func read<Value: Decodable>(_ key: CodingKeys, into value: inout Value) throws {
            value = try container.decodeIfPresent(Value.self, forKey: key) ?? value
        }
        func read(_ key: CodingKeys, into duration: inout Duration) throws {
            guard let seconds = try container.decodeIfPresent(Double.self, forKey: key) else { return }
            if let exact = Duration(exactSeconds: seconds) {
                duration = exact
            } else {
                badFields.append(
                    .init(
                        name: key.stringValue, value: "\(seconds) seconds",
                        expected: "a number of seconds under 292 years"))
            }
        }
        self.init()
        if container.contains(.consecutiveFailures) {
            consecutiveFailures = try container.decode(Int?.self, forKey: .consecutiveFailures)
        }
        failureRate = try container.decodeIfPresent(FailureRate.self, forKey: .failureRate)
        try read(.openDuration, into: &openDuration)
        try read(.openDurationGrowth, into: &openDurationGrowth)
        try read(.openDurationCap, into: &openDurationCap)
        try read(.probes, into: &probes)
        try read(.successesToClose, into: &successesToClose)
        try read(.probeLease, into: &probeLease)
        badFields += self.badFields
        if !badFields.isEmpty { throw InvalidFields(subject: "circuit breaker configuration", fields: badFields) }
    }

    /// Writes the configuration; durations are seconds.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(consecutiveFailures, forKey: .consecutiveFailures)
        try container.encodeIfPresent(failureRate, forKey: .failureRate)
        try container.encode(openDuration.secondsDouble, forKey: .openDuration)
        try container.encode(openDurationGrowth, forKey: .openDurationGrowth)
        try container.encode(openDurationCap.secondsDouble, forKey: .openDurationCap)
        try container.encode(probes, forKey: .probes)
        try container.encode(successesToClose, forKey: .successesToClose)
        try container.encode(probeLease.secondsDouble, forKey: .probeLease)
    }
}

extension CircuitBreakerConfiguration.FailureRate: Codable {
    private enum CodingKeys: String, CodingKey {
        case perMille, window, minimumCalls
    }

    /// Reads a rate; absent fields have their defaults.
    ///
    /// - Throws: `DecodingError` where the shape is wrong; the configuration that holds it checks the ranges.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init()
        perMille = try container.decodeIfPresent(Int.self, forKey: .perMille) ?? perMille
        window = try container.decodeIfPresent(Int.self, forKey: .window) ?? window
        minimumCalls = try container.decodeIfPresent(Int.self, forKey: .minimumCalls) ?? minimumCalls
    }

    /// Writes the rate.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(perMille, forKey: .perMille)
        try container.encode(window, forKey: .window)
        try container.encode(minimumCalls, forKey: .minimumCalls)
    }
}
