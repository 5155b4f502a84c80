/// The venue's name of one trade, by which a fill that arrives twice is known.
public struct FillID: BrokerIdentifier {
    /// The string itself.
    public var rawValue: String

    /// Makes the identifier from its string.
    public init(rawValue: String) { self.rawValue = rawValue }
}
