/// What a rate limit counts by: `ip`, `account`, or a name of the venue's own.
public struct LimitScope: BrokerIdentifier {
    /// The string itself.
    public var rawValue: String

    /// Makes the identifier from its string.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The address that requests come from.
    public static let ip: LimitScope = "ip"

    /// The account that requests are signed for.
    public static let account: LimitScope = "account"
}
