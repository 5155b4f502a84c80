/// Where the next page of a list begins, opaque to everybody but the venue.
public struct PageCursor: BrokerIdentifier {
    /// The string itself.
    public var rawValue: String

    /// Makes the identifier from its string.
    public init(rawValue: String) { self.rawValue = rawValue }
}
