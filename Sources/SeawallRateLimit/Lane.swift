/// A class of callers that a limiter ranks against others, known to it by its place in a list and by nothing else.
///
/// The limiter knows no trading: which lanes there are, and which goes first, is `RateLimiterConfiguration.lanes`.
public struct Lane: RawRepresentable, Hashable, Sendable, Codable, CodingKeyRepresentable {
    /// The name, as it stands in configurations, logs and statistics.
    public var rawValue: String

    /// Makes a lane from its name.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }
}

extension Lane: ExpressibleByStringLiteral {
    /// Makes a lane from its name written in the code.
    public init(stringLiteral value: String) {
        self.init(rawValue: value)
    }
}

extension Lane: CustomStringConvertible {
    /// The name.
    public var description: String { rawValue }
}
