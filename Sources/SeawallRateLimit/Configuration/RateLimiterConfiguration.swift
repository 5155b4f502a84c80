internal import SeawallTime

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

    /// How many counters of buckets that have one for each key there may be, 10,000 by default; 1 to 1,000,000.
    ///
    /// Where all are in use, a call with a new key is refused.
    public var maximumKeys: Int

    /// Whether what a call takes stays taken until its grant is settled, and leaves a window only then; false by default.
    ///
    /// Then the bounds hold where calls arrive, however long each is under way. Every grant needs `settle(_:)` when its
    /// call has really ended, or `giveBack(_:)` when it was not made. Without it the bounds hold where tokens are
    /// granted, and the margin has to cover latency that shrinks.
    public var holdsUntilSettled: Bool

    /// Whether another process may have used the limits until now, by the same configuration; false by default.
    ///
    /// Then only what its capacities left of the limits, at least a fifth of each capacity, is granted until the server's
    /// own count is known, or a window has passed: a process that is restarted does not know what the one before has
    /// used.
    public var followsAnother: Bool

    /// Makes a configuration; it is judged when a limiter is made from it.
    public init(
        lanes: [Lane], buckets: [BucketConfiguration], maximumWaiters: Int = 1_000, maximumKeys: Int = 10_000,
        holdsUntilSettled: Bool = false, followsAnother: Bool = false
    ) {
        self.lanes = lanes
        self.buckets = buckets
        self.maximumWaiters = maximumWaiters
        self.maximumKeys = maximumKeys
        self.holdsUntilSettled = holdsUntilSettled
        self.followsAnother = followsAnother
    }
}

extension RateLimiterConfiguration {
    /// The same for one of several processes that use one key or address: each gets an equal share of what it had.
    ///
    /// Bursts and reserves shrink with it, rounded down, a burst to 1 at least: a reserve below the number of processes is
    /// none any more. A burst so small that no room is left beside the reserves makes no limiter.
    ///
    /// - Parameters:
    ///   - processes: How many there are, this one among them; below 1 counts as 1.
    ///   - scopes: Whose buckets they share, for example only those of the address; nil for all.
    public func shared(among processes: Int, scopes: Set<String>? = nil) -> RateLimiterConfiguration {
        var shared = self
        for index in shared.buckets.indices where scopes?.contains(shared.buckets[index].scope) ?? true {
            shared.buckets[index] = shared.buckets[index].shared(among: max(1, processes))
        }
        return shared
    }
}

extension BucketConfiguration {
    fileprivate func shared(among processes: Int) -> BucketConfiguration {
        var shared = self
        shared.sharePerMille /= processes
        // What is no share at all is judged as it is.
        guard sharePerMille > 0 else { return shared }
        // By the share as it was rounded: what was within the capacity is within the new one.
        func part(_ whole: Int) -> Int {
            whole <= 0
                ? whole : Int(clamping: Int128(whole) * Int128(shared.sharePerMille) / Int128(sharePerMille))
        }
        shared.burst = burst.map { $0 <= 0 ? $0 : max(1, part($0)) }
        shared.reserves = reserves.mapValues(part)
        return shared
    }
}

extension RateLimiterConfiguration: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case lanes, buckets, maximumWaiters, maximumKeys, holdsUntilSettled, followsAnother
    }

    /// Reads a configuration; every field but `lanes` may be missing and then has its default.
    ///
    /// What the numbers mean is judged when a limiter is made from it.
    /// - Throws: `DecodingError` where the shape is wrong, a number is no whole one, or a key is none of the fields.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.strictContainer(keyedBy: CodingKeys.self)
        self.init(
            lanes: try fields.decode([Lane].self, forKey: .lanes),
            buckets: try fields.decodeIfPresent([BucketConfiguration].self, forKey: .buckets) ?? [])
        maximumWaiters = try fields.decodeIfPresent(Int.self, forKey: .maximumWaiters) ?? maximumWaiters
        maximumKeys = try fields.decodeIfPresent(Int.self, forKey: .maximumKeys) ?? maximumKeys
        holdsUntilSettled = try fields.decodeIfPresent(Bool.self, forKey: .holdsUntilSettled) ?? holdsUntilSettled
        followsAnother = try fields.decodeIfPresent(Bool.self, forKey: .followsAnother) ?? followsAnother
    }
}
