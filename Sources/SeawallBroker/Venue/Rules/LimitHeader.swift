public import SeawallRateLimit
internal import SeawallTime

/// One header by which a venue tells of a limit, beside those that name what is used of it.
public struct LimitHeader: Hashable, Sendable {
    /// The header's name, such as `RateLimit-Remaining`; letters count the same small or large.
    public var header: String

    /// The name of the limit that it tells of.
    public var limit: String

    /// What its value is: what is `used`, what is `remaining`, the `reset` of its window, or several in one.
    public var meaning: UsageHeader.Meaning

    /// Makes a rule for a header.
    public init(_ header: String, of limit: String, meaning: UsageHeader.Meaning) {
        self.header = header
        self.limit = limit
        self.meaning = meaning
    }
}

extension LimitHeader: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case header, limit, meaning
    }

    /// Reads a rule; every field must be there.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.strictContainer(keyedBy: CodingKeys.self)
        self.init(
            try fields.decode(String.self, forKey: .header), of: try fields.decode(String.self, forKey: .limit),
            meaning: try fields.decode(UsageHeader.Meaning.self, forKey: .meaning))
    }

    /// Writes a rule.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(header, forKey: .header)
        try fields.encode(limit, forKey: .limit)
        try fields.encode(meaning, forKey: .meaning)
    }
}
