internal import SeawallTime

extension AlertConfiguration: Codable {
    private enum Key: String, CodingKey {
        case episodePrefix, reminderAfter, longestReminderWait, historyLimit, queueLimit, episodeLimit
    }

    /// Encodes the configuration, with durations in seconds.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(episodePrefix, forKey: .episodePrefix)
        try container.encode(reminderAfter.secondsDouble, forKey: .reminderAfter)
        try container.encode(longestReminderWait.secondsDouble, forKey: .longestReminderWait)
        try container.encode(historyLimit, forKey: .historyLimit)
        try container.encode(queueLimit, forKey: .queueLimit)
        try container.encode(episodeLimit, forKey: .episodeLimit)
    }

    /// Decodes a configuration, where what is not there has its default.
    ///
    /// The manager checks the ranges.
    ///
    /// - Throws: `DecodingError` for a value of the wrong type and for seconds past the range of the clock.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let defaults = AlertConfiguration()
        func duration(_ key: Key, default value: Duration) throws -> Duration {
            guard let seconds = try container.decodeIfPresent(Double.self, forKey: key) else { return value }
            guard let duration = Duration(exactSeconds: seconds) else {
                throw DecodingError.dataCorruptedError(
                    forKey: key, in: container,
                    debugDescription: "\(key.rawValue) \(seconds): expected seconds, less than 292 years of them")
            }
            return duration
        }
        self.init(
            episodePrefix: try container.decodeIfPresent(String.self, forKey: .episodePrefix)
                ?? defaults.episodePrefix,
            reminderAfter: try duration(.reminderAfter, default: defaults.reminderAfter),
            longestReminderWait: try duration(.longestReminderWait, default: defaults.longestReminderWait),
            historyLimit: try container.decodeIfPresent(Int.self, forKey: .historyLimit) ?? defaults.historyLimit,
            queueLimit: try container.decodeIfPresent(Int.self, forKey: .queueLimit) ?? defaults.queueLimit,
            episodeLimit: try container.decodeIfPresent(Int.self, forKey: .episodeLimit) ?? defaults.episodeLimit)
    }
}
