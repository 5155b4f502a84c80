internal import SeawallTime

extension CircuitBreakerAlert.State: Codable {
    /// Encodes the name.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }

    /// Decodes the name; one that is not known here is kept.
    public init(from decoder: any Decoder) throws {
        self.init(rawValue: try decoder.singleValueContainer().decode(String.self))
    }
}

extension CircuitBreakerAlert: Codable {
    private enum Key: String, CodingKey {
        case breakerName = "breaker_name"
        case oldState = "old_state"
        case newState = "new_state"
        case severity, timestamp
        case failureCount = "failure_count"
        case message, metadata
    }

    /// Encodes the alert; `timestamp` as ISO 8601 text in UTC.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(breakerName, forKey: .breakerName)
        try container.encode(oldState, forKey: .oldState)
        try container.encode(newState, forKey: .newState)
        try container.encode(severity, forKey: .severity)
        try container.encode(timestamp.iso8601Text, forKey: .timestamp)
        try container.encode(failureCount, forKey: .failureCount)
        try container.encode(message, forKey: .message)
        try container.encode(metadata, forKey: .metadata)
    }

    /// Decodes an alert; `metadata` may be left out.
    ///
    /// - Throws: `DecodingError` for what is missing or of the wrong type, and for a `timestamp` that is no ISO 8601 text
    ///   with an offset.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        breakerName = try container.decode(String.self, forKey: .breakerName)
        oldState = try container.decode(State.self, forKey: .oldState)
        newState = try container.decode(State.self, forKey: .newState)
        severity = try container.decode(AlertSeverity.self, forKey: .severity)
        let text = try container.decode(String.self, forKey: .timestamp)
        guard let instant = CivilInstant(iso8601: text) else {
            throw DecodingError.dataCorruptedError(
                forKey: .timestamp, in: container,
                debugDescription: "timestamp \"\(text)\": expected ISO 8601 with an offset, as 2025-10-22T11:45:00Z")
        }
        timestamp = instant
        failureCount = try container.decode(Int.self, forKey: .failureCount)
        message = try container.decode(String.self, forKey: .message)
        metadata = try container.decodeIfPresent([String: String].self, forKey: .metadata) ?? [:]
    }
}
