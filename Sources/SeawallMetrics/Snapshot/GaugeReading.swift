/// The value of one gauge series.
public struct GaugeReading: Hashable, Sendable {
    /// The name with the registry's prefix.
    public var name: String

    /// All labels, the registry's constant ones included.
    public var labels: [String: String]

    /// The number; it may be NaN or infinite.
    public var value: Double
}

extension GaugeReading: Codable {
    private enum Key: String, CodingKey {
        case name, labels, value
    }

    /// Encodes the reading; a value that JSON has no number for is written as `"NaN"`, `"+Inf"` or `"-Inf"`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(name, forKey: .name)
        try container.encode(labels, forKey: .labels)
        try container.encode(LooseNumber(value), forKey: .value)
    }

    /// Decodes what `encode(to:)` wrote.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        name = try container.decode(String.self, forKey: .name)
        labels = try container.decode([String: String].self, forKey: .labels)
        value = try container.decode(LooseNumber.self, forKey: .value).value
    }
}
