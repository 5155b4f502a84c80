internal import SeawallTime

extension ErrorRule {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case status, code, contains, operations, meaning, scope
    }

    /// Reads a rule; every field but `meaning` may be missing.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.strictContainer(keyedBy: CodingKeys.self)
        self.init(
            status: try fields.decodeIfPresent(Int.self, forKey: .status),
            code: try fields.decodeIfPresent(String.self, forKey: .code),
            contains: try fields.decodeIfPresent(String.self, forKey: .contains),
            operations: try fields.decodeIfPresent([BrokerOperation].self, forKey: .operations).map(Set.init),
            meaning: try fields.decode(Meaning.self, forKey: .meaning),
            scope: try fields.decodeIfPresent(LimitScope.self, forKey: .scope))
    }

    /// Writes a rule, its operations in order of their names.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encodeIfPresent(status, forKey: .status)
        try fields.encodeIfPresent(code, forKey: .code)
        try fields.encodeIfPresent(contains, forKey: .contains)
        try fields.encodeIfPresent(operations?.sorted { $0.rawValue < $1.rawValue }, forKey: .operations)
        try fields.encode(meaning, forKey: .meaning)
        try fields.encodeIfPresent(scope, forKey: .scope)
    }
}
