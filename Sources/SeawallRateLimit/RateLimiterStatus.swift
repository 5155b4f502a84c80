public import SeawallTime

/// What a limiter knows at one instant.
public struct RateLimiterStatus: Hashable, Sendable {
    /// One bucket at that instant.
    public struct Bucket: Hashable, Sendable {
        /// The bucket's name.
        public var name: String

        /// The key of the counter, where the bucket has one for each; else empty.
        public var key: String

        /// What the venue counts it against.
        public var scope: String

        /// The venue's own number per window.
        public var limit: Int

        /// The most that is granted in any window.
        public var capacity: Int

        /// What is believed to be used of the limit in the last window, by us or, as the server says, by others.
        public var used: Int

        /// What of that is held for calls that have not ended; 0 where the limiter does not hold.
        public var held: Int

        /// What could be taken now by the highest lane.
        public var tokens: Int

        /// The part of the venue's limit that is believed to be used, from 0; above 1 where others overrun it.
        public var utilisation: Double { Double(used) / Double(max(1, limit)) }
    }

    /// One lane at that instant, with its counts since the start.
    public struct Lane: Hashable, Sendable {
        /// The lane.
        public var lane: SeawallRateLimit.Lane

        /// How many wait.
        public var waiting: Int

        /// How many calls were granted.
        public var granted: UInt64

        /// How many calls were refused, turned away, dropped at their deadline or shed; who cancelled is not counted.
        public var refused: UInt64

        /// The part of all that was asked and answered that was refused, 0 to 1; 0 where nothing was.
        public var rejectionRate: Double { RateLimiterStatus.rate(refused, of: granted, refused) }
    }

    /// A closed gate.
    public struct Gate: Hashable, Sendable {
        /// The scope that is closed.
        public var scope: String

        /// When it opens.
        public var until: MonotonicInstant
    }

    /// The buckets in the order of the configuration; where there is one for each key, those in use, in order of keys.
    public var buckets: [Bucket]

    /// The lanes, highest first.
    public var lanes: [Lane]

    /// The closed gates, sorted by scope.
    public var gates: [Gate]

    /// How many wait in all lanes.
    public var waiting: Int { lanes.reduce(0) { $0 + $1.waiting } }

    /// How many calls were granted in all lanes since the start.
    public var granted: UInt64 { lanes.reduce(0) { $0 &+ $1.granted } }

    /// How many calls were refused in all lanes since the start.
    public var refused: UInt64 { lanes.reduce(0) { $0 &+ $1.refused } }

    /// The part of all that was asked and answered that was refused, 0 to 1; 0 where nothing was.
    public var rejectionRate: Double { Self.rate(refused, of: granted, refused) }

    /// The highest utilisation of a bucket, 0 without any: what a guard on usage trips on.
    public var utilisation: Double { buckets.map(\.utilisation).max() ?? 0 }

    private static func rate(_ part: UInt64, of others: UInt64, _ same: UInt64) -> Double {
        part == 0 ? 0 : Double(part) / (Double(others) + Double(same))
    }
}

extension RateLimiterCore {
    mutating func status(now: MonotonicInstant) -> RateLimiterStatus {
        advance(to: now)
        let instant = latestInstant
        return RateLimiterStatus(
            buckets: counters().map { index in
                buckets[index].expire(instant)
                let bucket = buckets[index]
                return RateLimiterStatus.Bucket(
                    name: bucket.configuration.name, key: bucket.key, scope: bucket.configuration.scope,
                    limit: bucket.configuration.limit, capacity: bucket.configuration.capacity, used: bucket.used,
                    held: bucket.held, tokens: bucket.tokens)
            },
            lanes: configuration.lanes.enumerated().map { index, lane in
                RateLimiterStatus.Lane(
                    lane: lane, waiting: queue.countByLane[index], granted: granted[index], refused: refused[index])
            },
            gates: gates.closed(at: instant).map {
                RateLimiterStatus.Gate(scope: $0.scope, until: MonotonicInstant(nanoseconds: $0.end))
            })
    }
}
