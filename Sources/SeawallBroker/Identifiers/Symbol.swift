/// What is traded, by the venue's own name, for example `BTCUSDT` or `BTC-USD`.
public struct Symbol: BrokerIdentifier {
    /// The string itself.
    public var rawValue: String

    /// Makes the identifier from its string.
    public init(rawValue: String) { self.rawValue = rawValue }
}
