/// A name that a venue, a bot or this library gives to something: a string with a type of its own.
///
/// Two kinds of identifier cannot be mixed up by accident, and all of them order, encode and print as their string.
public protocol BrokerIdentifier: RawRepresentable, Hashable, Comparable, Codable, Sendable,
    ExpressibleByStringLiteral, CustomStringConvertible
where RawValue == String {
    /// Makes the identifier from its string.
    init(rawValue: String)
}

extension BrokerIdentifier {
    /// Makes the identifier from its string.
    public init(_ rawValue: String) { self.init(rawValue: rawValue) }

    /// Makes the identifier from a literal.
    public init(stringLiteral value: String) { self.init(rawValue: value) }

    /// The string itself.
    public var description: String { rawValue }

    /// Orders identifiers as strings.
    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
}
