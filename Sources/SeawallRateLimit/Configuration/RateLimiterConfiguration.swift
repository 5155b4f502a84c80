/// The lanes, buckets and bounds of a limiter.
public struct RateLimiterConfiguration: Hashable, Sendable {
    /// The lanes, highest first; at least one, each once.
    public var lanes: [Lane]

    /// The buckets, each name once.
    ///
    /// None is allowed: gates and order of lanes still work.
    public var buckets: [BucketConfiguration]

    /// How many may wait at once over all lanes, 1,000 by default; 0 to 1,000,000.
    ///
    /// Where it is full, a newcomer takes the place of the newest waiter of the lowest lane below its own.
    public var maximumWaiters: Int

    /// Makes a configuration; it is judged when a limiter is made from it.
    public init(lanes: [Lane], buckets: [BucketConfiguration], maximumWaiters: Int = 1_000) {
        self.lanes = lanes
        self.buckets = buckets
        self.maximumWaiters = maximumWaiters
    }
}

extension RateLimiterConfiguration: Codable {
    private enum CodingKeys: String, CodingKey {
        case lanes, buckets, maximumWaiters
    }

    /// Reads a configuration; `buckets` and `maximumWaiters` may be missing and then have their defaults.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            lanes: try fields.decode([Lane].self, forKey: .lanes),
            buckets: try fields.decodeIfPresent([BucketConfiguration].self, forKey: .buckets) ?? [])
        maximumWaiters = try fields.decodeIfPresent(Int.self, forKey: .maximumWaiters) ?? maximumWaiters
    }
}
