internal import SeawallTime

/// What one call costs: a weight for each bucket that it touches, taken all at once or not at all.
///
/// Weights are in the unit of the bucket (requests, weight points, orders). A weight of 0 is the same as none; a
/// negative one is refused with `RateLimitError.Code.invalidWeight`, never added to a bucket.
public struct Charge: Hashable, Sendable {
    /// The weight for each bucket, by the bucket's name.
    public var weights: [String: Int]

    /// Which counter of a bucket that has one for each key, for example the symbol; empty by default.
    public var key: String

    /// Makes a charge from weights by the names of buckets.
    public init(weights: [String: Int] = [:]) {
        self.init(weights: weights, key: "")
    }

    /// Makes a charge for a key from weights by the names of buckets.
    public init(weights: [String: Int], key: String) {
        self.weights = weights
        self.key = key
    }
}

extension Charge: ExpressibleByDictionaryLiteral {
    /// Makes a charge from pairs of a bucket's name and a weight; weights of a name that stands twice are added.
    public init(dictionaryLiteral elements: (String, Int)...) {
        self.init(weights: [:])
        for (bucket, weight) in elements {
            weights[bucket] = (weights[bucket] ?? 0).addingSaturating(weight)
        }
    }
}
