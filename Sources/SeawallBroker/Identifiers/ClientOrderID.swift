/// The order's name that our side gives, fixed once for an intent and sent with every attempt.
public struct ClientOrderID: BrokerIdentifier {
    /// The string itself.
    public var rawValue: String

    /// Makes the identifier from its string.
    public init(rawValue: String) { self.rawValue = rawValue }
}
