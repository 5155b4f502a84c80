internal import SeawallTime

extension Alert: Codable {
    private enum Key: String, CodingKey {
        case episode, event, severity, code, message, causes, scope, at, duration, suppressed
        case civil = "civil_nanoseconds"
        case isFlapping = "flapping"
        case asksAcknowledgement = "asks_acknowledgement"
        case acknowledgedBy = "acknowledged_by"
    }

    /// Encodes the alert: `at` and `duration` in seconds, `civil_nanoseconds` since 1970.
    ///
    /// Seconds are doubles, exact to the nanosecond below 104 days. `flapping`, `asks_acknowledgement` and
    /// `acknowledged_by` are there only where they say something.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(episode, forKey: .episode)
        try container.encode(event, forKey: .event)
        try container.encode(severity, forKey: .severity)
        try container.encode(code, forKey: .code)
        try container.encode(message, forKey: .message)
        try container.encode(causes, forKey: .causes)
        try container.encode(scope, forKey: .scope)
        try container.encode(Double(at.nanoseconds) / 1e9, forKey: .at)
        try container.encode(civil.nanosecondsSinceEpoch, forKey: .civil)
        try container.encodeIfPresent(duration.map { Double($0.wholeNanoseconds) / 1e9 }, forKey: .duration)
        try container.encode(suppressed, forKey: .suppressed)
        if isFlapping { try container.encode(true, forKey: .isFlapping) }
        if asksAcknowledgement { try container.encode(true, forKey: .asksAcknowledgement) }
        try container.encodeIfPresent(acknowledgedBy, forKey: .acknowledgedBy)
    }

    /// Decodes what `encode(to:)` wrote; numbers of seconds outside the range of the clock become its ends.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        episode = try container.decode(String.self, forKey: .episode)
        event = try container.decode(AlertEvent.self, forKey: .event)
        severity = try container.decode(AlertSeverity.self, forKey: .severity)
        code = try container.decode(String.self, forKey: .code)
        message = try container.decode(String.self, forKey: .message)
        causes = try container.decode([String].self, forKey: .causes)
        scope = try container.decode(String.self, forKey: .scope)
        at = MonotonicInstant(nanoseconds: nanoseconds(ofSeconds: try container.decode(Double.self, forKey: .at)))
        civil = CivilInstant(nanosecondsSinceEpoch: try container.decode(Int64.self, forKey: .civil))
        duration = try container.decodeIfPresent(Double.self, forKey: .duration)
            .map { .nanoseconds(nanoseconds(ofSeconds: $0)) }
        suppressed = try container.decode(Int.self, forKey: .suppressed)
        isFlapping = try container.decodeIfPresent(Bool.self, forKey: .isFlapping) ?? false
        asksAcknowledgement = try container.decodeIfPresent(Bool.self, forKey: .asksAcknowledgement) ?? false
        acknowledgedBy = try container.decodeIfPresent(String.self, forKey: .acknowledgedBy)
    }
}

private func nanoseconds(ofSeconds seconds: Double) -> Int64 {
    let nanoseconds = (seconds * 1e9).rounded()
    return Int64(exactly: nanoseconds) ?? (nanoseconds < 0 ? .min : .max)
}
