/// The value of one counter series.
public struct CounterReading: Codable, Hashable, Sendable {
    /// The name with the registry's prefix.
    public var name: String

    /// All labels, the registry's constant ones included.
    public var labels: [String: String]

    /// The number so far.
    public var value: Double
}
