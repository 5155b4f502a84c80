/// The name of a group of linked orders: when one fills, the venue cancels the others.
public struct LinkID: BrokerIdentifier {
    /// The string itself.
    public var rawValue: String

    /// Makes the identifier from its string.
    public init(rawValue: String) { self.rawValue = rawValue }
}
