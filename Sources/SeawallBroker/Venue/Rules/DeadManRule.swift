internal import SeawallTime

/// How a venue's dead-man timer works: it cancels orders unless it is set again in time.
public struct DeadManRule: Hashable, Sendable {
    /// Whose orders one timer cancels.
    public enum Scope: String, Codable, Sendable, CaseIterable {
        /// Those of one symbol; each symbol has its own timer.
        case symbol
        /// All of the account; there is one timer.
        case account
    }

    /// The shortest time that may be set.
    public var shortest: Duration

    /// The longest time that may be set.
    public var longest: Duration

    /// Whose orders it cancels.
    public var scope: Scope

    /// True where stops and reduce-only orders die with the rest, which leaves a position without its protection.
    public var cancelsProtection: Bool

    /// Makes a rule.
    public init(
        shortest: Duration = .seconds(1), longest: Duration = .seconds(86_400), scope: Scope = .symbol,
        cancelsProtection: Bool = true
    ) {
        self.shortest = shortest
        self.longest = longest
        self.scope = scope
        self.cancelsProtection = cancelsProtection
    }
}

extension DeadManRule: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case shortest, longest, scope, cancelsProtection
    }

    /// Reads a rule; times are in seconds, and what is missing is 1 s, a day, `symbol` and true.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.strictContainer(keyedBy: CodingKeys.self)
        self.init()
        shortest = try fields.decodeSecondsIfPresent(forKey: .shortest) ?? shortest
        longest = try fields.decodeSecondsIfPresent(forKey: .longest) ?? longest
        scope = try fields.decodeIfPresent(Scope.self, forKey: .scope) ?? scope
        cancelsProtection = try fields.decodeIfPresent(Bool.self, forKey: .cancelsProtection) ?? cancelsProtection
    }

    /// Writes a rule; times are in seconds.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encodeSeconds(shortest, forKey: .shortest)
        try fields.encodeSeconds(longest, forKey: .longest)
        try fields.encode(scope, forKey: .scope)
        try fields.encode(cancelsProtection, forKey: .cancelsProtection)
    }
}
