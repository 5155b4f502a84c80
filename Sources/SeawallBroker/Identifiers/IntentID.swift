/// The bot's own name for one order that it wants; the same name never becomes two orders.
public struct IntentID: BrokerIdentifier {
    /// The string itself.
    public var rawValue: String

    /// Makes the identifier from its string.
    public init(rawValue: String) { self.rawValue = rawValue }
}
