/// A currency or token that balances and fees are counted in, for example `USDT`.
public struct Asset: BrokerIdentifier {
    /// The string itself.
    public var rawValue: String

    /// Makes the identifier from its string.
    public init(rawValue: String) { self.rawValue = rawValue }
}
