/// A lane of the limiter's queue, by name; the order of lanes is given to the limiter when it is made.
public struct Lane: RawRepresentable, Hashable, Codable, Sendable, ExpressibleByStringLiteral {
    /// The lane's name.
    public var rawValue: String

    /// Makes a lane from its name.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Makes a lane from a literal.
    public init(stringLiteral value: String) { rawValue = value }
}

extension Lane: CustomStringConvertible {
    /// The lane's name.
    public var description: String { rawValue }
}
