internal import SeawallTime

extension BucketConfiguration: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case name, scope, limit, window, marginPerMille, burst, reserves, shape, isPerKey, offset, isReleasable
        case sharePerMille
    }

    /// Reads a bucket; `window` and `offset` are in seconds, and every field but `name` may be missing and then has its
    /// default.
    ///
    /// - Throws: `DecodingError` where the shape is wrong, a number is no whole one, or a key is none of the fields.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.strictContainer(keyedBy: CodingKeys.self)
        self.init(name: try fields.decode(String.self, forKey: .name))
        scope = try fields.decodeIfPresent(String.self, forKey: .scope) ?? scope
        limit = try fields.decodeIfPresent(Int.self, forKey: .limit) ?? limit
        window = try Self.duration(.window, of: fields) ?? window
        offset = try Self.duration(.offset, of: fields) ?? offset
        isReleasable = try fields.decodeIfPresent(Bool.self, forKey: .isReleasable) ?? isReleasable
        marginPerMille = try fields.decodeIfPresent(Int.self, forKey: .marginPerMille) ?? marginPerMille
        sharePerMille = try fields.decodeIfPresent(Int.self, forKey: .sharePerMille) ?? sharePerMille
        burst = try fields.decodeIfPresent(Int.self, forKey: .burst)
        reserves = try fields.decodeIfPresent([Lane: Int].self, forKey: .reserves) ?? reserves
        shape = try fields.decodeIfPresent(Shape.self, forKey: .shape) ?? shape
        isPerKey = try fields.decodeIfPresent(Bool.self, forKey: .isPerKey) ?? isPerKey
    }

    private static func duration(
        _ key: CodingKeys, of fields: KeyedDecodingContainer<CodingKeys>
    ) throws -> Duration? {
        guard let seconds = try fields.decodeIfPresent(Double.self, forKey: key) else { return nil }
        guard let duration = Duration(exactSeconds: seconds) else {
            throw DecodingError.dataCorruptedError(
                forKey: key, in: fields, debugDescription: "\(seconds) is no number of seconds in reach")
        }
        return duration
    }

    /// Writes a bucket; `window` and `offset` are in seconds.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(name, forKey: .name)
        try fields.encode(scope, forKey: .scope)
        try fields.encode(limit, forKey: .limit)
        try fields.encode(window.secondsDouble, forKey: .window)
        try fields.encode(marginPerMille, forKey: .marginPerMille)
        try fields.encodeIfPresent(burst, forKey: .burst)
        try fields.encode(reserves, forKey: .reserves)
        try fields.encode(shape, forKey: .shape)
        try fields.encode(isPerKey, forKey: .isPerKey)
        try fields.encode(offset.secondsDouble, forKey: .offset)
        try fields.encode(isReleasable, forKey: .isReleasable)
        try fields.encode(sharePerMille, forKey: .sharePerMille)
    }
}
