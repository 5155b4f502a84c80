/// The content of one histogram series.
public struct HistogramReading: Codable, Hashable, Sendable {
    /// A bucket with all below it.
    public struct Bucket: Hashable, Sendable {
        /// The upper bound, infinite for the last; in seconds where durations are observed.
        public var bound: Double

        /// How many observations were at or under the bound.
        public var count: UInt64
    }

    /// The name with the registry's prefix.
    public var name: String

    /// All labels, the registry's constant ones included.
    public var labels: [String: String]

    /// The buckets, cumulative, in the order of their bounds.
    public var buckets: [Bucket]

    /// The number of observations; equal to the count of the last bucket.
    public var count: UInt64

    /// The sum of the observations, in seconds where durations are observed.
    public var sum: Double
}

extension HistogramReading {
    /// The value under which a share of the observations lies, as estimated from the buckets.
    ///
    /// Within a bucket the observations are taken to lie evenly, as Prometheus' `histogram_quantile` takes them; the first
    /// bucket begins at 0 if its bound is above. Past the last bound the answer is that bound.
    ///
    /// - Parameter share: From 0 to 1, for example 0.95.
    /// - Returns: Nil without observations, and for a share outside its range.
    public func quantile(_ share: Double) -> Double? {
        HistogramContent(cumulativeCounts: buckets.map(\.count), count: count, sum: .number(sum))
            .quantile(share, bounds: buckets.map(\.bound).filter(\.isFinite))
    }
}

extension HistogramReading.Bucket: Codable {
    private enum Key: String, CodingKey {
        case bound = "le"
        case count
    }

    /// Encodes the bucket; the bound of the last is written as `"+Inf"`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(LooseNumber(bound), forKey: .bound)
        try container.encode(count, forKey: .count)
    }

    /// Decodes what `encode(to:)` wrote.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        bound = try container.decode(LooseNumber.self, forKey: .bound).value
        count = try container.decode(UInt64.self, forKey: .count)
    }
}
