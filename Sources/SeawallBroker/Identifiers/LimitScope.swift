/// What a rate limit counts by: `ip`, `account`, `symbol`, or a name of the venue's own.
public struct LimitScope: BrokerIdentifier {
    /// The string itself.
    public var rawValue: String

    /// Makes the identifier from its string.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The address that requests come from.
    public static let ip: LimitScope = "ip"

    /// The account that requests are signed for.
    public static let account: LimitScope = "account"

    /// Each symbol of the account on its own.
    public static let symbol: LimitScope = "symbol"

    /// The scope of one symbol where this is `symbol` and a symbol is named, else the scope itself.
    ///
    /// A limiter gates `symbol:XBTUSD` for one symbol, and `symbol` for all where it is not known which one was meant.
    public func narrowed(to symbol: Symbol?) -> LimitScope {
        guard self == .symbol, let symbol else { return self }
        return LimitScope(rawValue: "symbol:\(symbol)")
    }
}
