internal import SeawallTime

extension CircuitBreakerConfiguration: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case consecutiveFailures, rates, openDuration, openDurationGrowth, openDurationCap, openDurationJitter
        case probes, successesToClose, probeLease, ramp, isEnabled
    }

    /// Reads a configuration; durations are seconds, absent fields have their defaults, and null leaves a rule out.
    ///
    /// - Throws: `DecodingError` where the shape is wrong or a key is none of the fields, `InvalidFields` that lists
    ///   every bad field.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        var unreadable = InvalidFields(subject: "circuit breaker configuration", fields: [])
        self.init()
        if container.contains(.consecutiveFailures) {
            consecutiveFailures = try container.decode(Int?.self, forKey: .consecutiveFailures)
        }
        rates = try container.decodeIfPresent(Rates.self, forKey: .rates)
        try container.read(.openDuration, into: &openDuration, &unreadable)
        try container.read(.openDurationGrowth, into: &openDurationGrowth)
        try container.read(.openDurationCap, into: &openDurationCap, &unreadable)
        try container.read(.openDurationJitter, into: &openDurationJitter)
        try container.read(.probes, into: &probes)
        try container.read(.successesToClose, into: &successesToClose)
        try container.read(.probeLease, into: &probeLease, &unreadable)
        ramp = try container.decodeIfPresent(Ramp.self, forKey: .ramp)
        try container.read(.isEnabled, into: &isEnabled)
        unreadable.fields += invalid.fields
        try unreadable.throwIfAny()
    }

    /// Writes the configuration; durations are seconds.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(consecutiveFailures, forKey: .consecutiveFailures)
        try container.encodeIfPresent(rates, forKey: .rates)
        try container.encode(openDuration.secondsDouble, forKey: .openDuration)
        try container.encode(openDurationGrowth, forKey: .openDurationGrowth)
        try container.encode(openDurationCap.secondsDouble, forKey: .openDurationCap)
        try container.encode(openDurationJitter, forKey: .openDurationJitter)
        try container.encode(probes, forKey: .probes)
        try container.encode(successesToClose, forKey: .successesToClose)
        try container.encode(probeLease.secondsDouble, forKey: .probeLease)
        try container.encodeIfPresent(ramp, forKey: .ramp)
        try container.encode(isEnabled, forKey: .isEnabled)
    }
}

extension CircuitBreakerConfiguration.Rates: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case windowCalls, windowTime, minimumCalls, failuresPerMille, slowCallsPerMille, slowCallDuration, clock
    }

    /// Reads rates; the window is `windowCalls` or `windowTime` in seconds, and absent fields have their defaults.
    ///
    /// - Throws: `DecodingError` where the shape is wrong or both windows are there, `InvalidFields` where a duration is
    ///   out of range; the configuration that holds it checks the other ranges.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        var unreadable = InvalidFields(subject: "circuit breaker configuration", fields: [])
        self.init()
        if container.contains(.windowCalls), container.contains(.windowTime) {
            throw DecodingError.dataCorruptedError(
                forKey: .windowTime, in: container, debugDescription: "expected windowCalls or windowTime, not both")
        }
        if let calls = try container.decodeIfPresent(Int.self, forKey: .windowCalls) { window = .calls(calls) }
        var span = Duration.zero
        if try container.read(.windowTime, into: &span, &unreadable) { window = .time(span) }
        try container.read(.minimumCalls, into: &minimumCalls)
        if container.contains(.failuresPerMille) {
            failuresPerMille = try container.decode(Int?.self, forKey: .failuresPerMille)
        }
        slowCallsPerMille = try container.decodeIfPresent(Int.self, forKey: .slowCallsPerMille)
        try container.read(.slowCallDuration, into: &slowCallDuration, &unreadable)
        try container.read(.clock, into: &clock)
        try unreadable.throwIfAny()
    }

    /// Writes the rates; durations are seconds.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch window {
        case .calls(let calls): try container.encode(calls, forKey: .windowCalls)
        case .time(let span): try container.encode(span.secondsDouble, forKey: .windowTime)
        }
        try container.encode(minimumCalls, forKey: .minimumCalls)
        try container.encode(failuresPerMille, forKey: .failuresPerMille)
        try container.encodeIfPresent(slowCallsPerMille, forKey: .slowCallsPerMille)
        try container.encode(slowCallDuration.secondsDouble, forKey: .slowCallDuration)
        try container.encode(clock, forKey: .clock)
    }
}

extension CircuitBreakerConfiguration.Ramp: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case duration, firstPerMille
    }

    /// Reads a ramp; the duration is seconds and must be there.
    ///
    /// - Throws: `DecodingError` where the shape is wrong or a key is none of the fields, `InvalidFields` where the
    ///   duration is out of range.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        var unreadable = InvalidFields(subject: "circuit breaker configuration", fields: [])
        self.init(duration: .zero)
        if try !container.read(.duration, into: &duration, &unreadable) {
            _ = try container.decode(Double.self, forKey: .duration)
        }
        try container.read(.firstPerMille, into: &firstPerMille)
        try unreadable.throwIfAny()
    }

    /// Writes the ramp; the duration is seconds.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(duration.secondsDouble, forKey: .duration)
        try container.encode(firstPerMille, forKey: .firstPerMille)
    }
}

extension KeyedDecodingContainer {
    fileprivate func read<Value: Decodable>(_ key: Key, into value: inout Value) throws {
        value = try decodeIfPresent(Value.self, forKey: key) ?? value
    }

    /// Reads seconds; notes a number that is no duration, and says whether there was any.
    @discardableResult
    fileprivate func read(_ key: Key, into duration: inout Duration, _ invalid: inout InvalidFields) throws -> Bool {
        guard let seconds = try decodeIfPresent(Double.self, forKey: key) else { return false }
        if let exact = Duration(exactSeconds: seconds) {
            duration = exact
        } else {
            invalid.check(false, key.stringValue, "\(seconds) seconds", "a number of seconds under 292 years")
        }
        return true
    }
}
