internal import SeawallTime

extension AlertConfiguration: Codable {
    private enum Key: String, CodingKey, CaseIterable {
        case episodePrefix, reminderAfter, longestReminderWait, remindsByItself, flapCount, flapWindow, flapCalm
        case acknowledgeFrom, historyLimit, queueLimit, episodeLimit
    }

    /// Encodes the configuration, with durations in seconds.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encodeIfPresent(episodePrefix, forKey: .episodePrefix)
        try container.encode(reminderAfter.secondsDouble, forKey: .reminderAfter)
        try container.encode(longestReminderWait.secondsDouble, forKey: .longestReminderWait)
        try container.encode(remindsByItself, forKey: .remindsByItself)
        try container.encode(flapCount, forKey: .flapCount)
        try container.encode(flapWindow.secondsDouble, forKey: .flapWindow)
        try container.encode(flapCalm.secondsDouble, forKey: .flapCalm)
        try container.encodeIfPresent(acknowledgeFrom, forKey: .acknowledgeFrom)
        try container.encode(historyLimit, forKey: .historyLimit)
        try container.encode(queueLimit, forKey: .queueLimit)
        try container.encode(episodeLimit, forKey: .episodeLimit)
    }

    /// Decodes a configuration, where what is not there has its default.
    ///
    /// The manager checks the ranges.
    ///
    /// - Throws: `DecodingError` for a value of the wrong type, for seconds past the range of the clock, and for a key
    ///   that no field has.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: Key.self)
        self.init()
        func value<Value: Decodable>(_ key: Key, _ present: Value) throws -> Value {
            try container.decodeIfPresent(Value.self, forKey: key) ?? present
        }
        func duration(_ key: Key, _ present: Duration) throws -> Duration {
            guard let seconds = try container.decodeIfPresent(Double.self, forKey: key) else { return present }
            guard let duration = Duration(exactSeconds: seconds) else {
                throw DecodingError.dataCorruptedError(
                    forKey: key, in: container,
                    debugDescription: "\(key.rawValue) \(seconds): expected seconds, less than 292 years of them")
            }
            return duration
        }
        episodePrefix = try container.decodeIfPresent(String.self, forKey: .episodePrefix)
        reminderAfter = try duration(.reminderAfter, reminderAfter)
        longestReminderWait = try duration(.longestReminderWait, longestReminderWait)
        remindsByItself = try value(.remindsByItself, remindsByItself)
        flapCount = try value(.flapCount, flapCount)
        flapWindow = try duration(.flapWindow, flapWindow)
        flapCalm = try duration(.flapCalm, flapCalm)
        acknowledgeFrom = try container.decodeIfPresent(AlertSeverity.self, forKey: .acknowledgeFrom)
        historyLimit = try value(.historyLimit, historyLimit)
        queueLimit = try value(.queueLimit, queueLimit)
        episodeLimit = try value(.episodeLimit, episodeLimit)
    }
}
