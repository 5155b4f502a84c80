/// Up to where fills have been read, opaque to everybody but the venue.
public struct FillCursor: BrokerIdentifier {
    /// The string itself.
    public var rawValue: String

    /// Makes the identifier from its string.
    public init(rawValue: String) { self.rawValue = rawValue }
}
