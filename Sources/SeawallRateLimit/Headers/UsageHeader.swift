/// One header by which a server tells of a bucket, and what it means.
public struct UsageHeader: Hashable, Codable, Sendable {
    /// What the number in a header is.
    public enum Meaning: String, Codable, Sendable, CaseIterable {
        /// How much of the window is used: `X-MBX-USED-WEIGHT-1M`, `X-MBX-ORDER-COUNT-10S`.
        case used
        /// How much of the window is left: `X-RateLimit-Remaining`, `RateLimit-Remaining`.
        case remaining
        /// When the window begins anew, in any form of Retry-After: `X-RateLimit-Reset`, `RateLimit-Reset`.
        case reset
        /// What is left and when it begins anew, in one: `RateLimit: limit=100, remaining=50, reset=30`, or
        /// `"default";r=50;t=30`.
        case combined
    }

    /// The header's name; letters count the same small or large.
    public var name: String

    /// The name of the bucket that it tells of.
    public var bucket: String

    /// What its number is.
    public var meaning: Meaning

    /// Makes a rule for a header.
    public init(name: String, bucket: String, meaning: Meaning = .used) {
        self.name = name
        self.bucket = bucket
        self.meaning = meaning
    }
}
