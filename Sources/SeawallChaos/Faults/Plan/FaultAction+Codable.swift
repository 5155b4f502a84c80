internal import SeawallBroker
internal import SeawallTime

extension FaultAction: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case name, match, after, times, probability, from, until, effect
    }

    /// Reads a fault; durations are in seconds, and every field but `effect` may be missing, and no other may be there.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.strictContainer(keyedBy: CodingKeys.self)
        self.init(
            try fields.decode(FaultEffect.self, forKey: .effect),
            on: try fields.decodeIfPresent(FaultMatch.self, forKey: .match) ?? .all,
            name: try fields.decodeIfPresent(String.self, forKey: .name),
            after: try fields.decodeIfPresent(Int.self, forKey: .after) ?? 0,
            times: try fields.decodeIfPresent(Int.self, forKey: .times),
            probability: try fields.decodeIfPresent(Double.self, forKey: .probability) ?? 1,
            from: try fields.decodeSecondsIfPresent(forKey: .from) ?? .zero,
            until: try fields.decodeSecondsIfPresent(forKey: .until))
    }

    /// Writes a fault; durations are in seconds.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(name, forKey: .name)
        try fields.encode(match, forKey: .match)
        try fields.encode(after, forKey: .after)
        try fields.encodeIfPresent(times, forKey: .times)
        try fields.encode(probability, forKey: .probability)
        try fields.encodeSeconds(from, forKey: .from)
        if let until { try fields.encodeSeconds(until, forKey: .until) }
        try fields.encode(effect, forKey: .effect)
    }
}
