/// The account that an order is for.
public struct AccountID: BrokerIdentifier {
    /// The string itself.
    public var rawValue: String

    /// Makes the identifier from its string.
    public init(rawValue: String) { self.rawValue = rawValue }
}
