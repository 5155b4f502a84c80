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

    /// What must be left in buckets when this has been taken, by their names; empty by default.
    ///
    /// A call that will need others later names here what those cost: who opens what he cannot afford to close is not let
    /// through. It counts together with what lower lanes must leave, whichever is more, and not against a burst. A bucket
    /// may be named that is not charged.
    public var leaving: [String: Int]

    /// Makes a charge from weights by the names of buckets.
    public init(weights: [String: Int] = [:]) {
        self.init(weights: weights, key: "")
    }

    /// Makes a charge for a key from weights by the names of buckets, with what must be left in some.
    public init(weights: [String: Int], key: String, leaving: [String: Int] = [:]) {
        self.weights = weights
        self.key = key
        self.leaving = leaving
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
