internal import SeawallTime

extension BucketConfiguration: Codable {
    private enum CodingKeys: String, CodingKey {
        case name, scope, limit, window, marginPerMille, burst, reserves, shape, isPerKey
    }

    /// Reads a bucket; `window` is in seconds, and every field but `name` may be missing and then has its default.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        self.init(name: try fields.decode(String.self, forKey: .name))
        scope = try fields.decodeIfPresent(String.self, forKey: .scope) ?? scope
        limit = try fields.decodeIfPresent(Int.self, forKey: .limit) ?? limit
        if let seconds = try fields.decodeIfPresent(Double.self, forKey: .window) {
            guard let duration = Duration(exactSeconds: seconds) else {
                throw DecodingError.dataCorruptedError(
                    forKey: .window, in: fields, debugDescription: "\(seconds) is no number of seconds in reach")
            }
            window = duration
        }
        marginPerMille = try fields.decodeIfPresent(Int.self, forKey: .marginPerMille) ?? marginPerMille
        burst = try fields.decodeIfPresent(Int.self, forKey: .burst)
        reserves = try fields.decodeIfPresent([Lane: Int].self, forKey: .reserves) ?? reserves
        shape = try fields.decodeIfPresent(Shape.self, forKey: .shape) ?? shape
        isPerKey = try fields.decodeIfPresent(Bool.self, forKey: .isPerKey) ?? isPerKey
    }

    /// Writes a bucket; `window` is in seconds.
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
    }
}
