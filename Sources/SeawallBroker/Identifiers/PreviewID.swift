/// The name that a venue gives a preview, and takes when the previewed change is made.
public struct PreviewID: BrokerIdentifier {
    /// The string itself.
    public var rawValue: String

    /// Makes the identifier from its string.
    public init(rawValue: String) { self.rawValue = rawValue }
}
