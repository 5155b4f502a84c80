internal import SeawallTime

extension LimitRule {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case name, scope, counts, shape, limit, window, offset, decay, releasesOnFill
    }

    /// Reads a limit; `window` and `offset` are in seconds.
    ///
    /// `window`, `offset` and `decay` may be missing
    /// and then are 0, `releasesOnFill` and then is false.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.strictContainer(keyedBy: CodingKeys.self)
        self.init(
            name: try fields.decode(String.self, forKey: .name),
            scope: try fields.decode(LimitScope.self, forKey: .scope),
            counts: try fields.decode(Subject.self, forKey: .counts),
            shape: try fields.decode(Shape.self, forKey: .shape),
            limit: try fields.decode(Int.self, forKey: .limit),
            window: try fields.decodeSecondsIfPresent(forKey: .window) ?? .zero,
            offset: try fields.decodeSecondsIfPresent(forKey: .offset) ?? .zero,
            decay: try fields.decodeIfPresent(Int.self, forKey: .decay) ?? 0,
            releasesOnFill: try fields.decodeIfPresent(Bool.self, forKey: .releasesOnFill) ?? false)
    }

    /// Writes a limit; `window` and `offset` are in seconds.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(name, forKey: .name)
        try fields.encode(scope, forKey: .scope)
        try fields.encode(counts, forKey: .counts)
        try fields.encode(shape, forKey: .shape)
        try fields.encode(limit, forKey: .limit)
        try fields.encodeSeconds(window, forKey: .window)
        try fields.encodeSeconds(offset, forKey: .offset)
        try fields.encode(decay, forKey: .decay)
        try fields.encode(releasesOnFill, forKey: .releasesOnFill)
    }
}
