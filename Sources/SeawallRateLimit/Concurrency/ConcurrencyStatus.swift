/// What a limiter of calls in flight is doing at an instant.
public struct ConcurrencyStatus: Hashable, Sendable {
    /// One lane.
    public struct Lane: Hashable, Sendable {
        /// The lane's name.
        public var lane: SeawallRateLimit.Lane

        /// How many wait in it.
        public var waiting: Int

        /// How many permits it has been given, since the start.
        public var granted: UInt64

        /// How often it was refused: none free for who would not wait, no room in the queue, or shed from it.
        public var refused: UInt64
    }

    /// What a limit that is learnt knows.
    public struct Learning: Hashable, Sendable {
        /// Whether the limit is down for a probe.
        public var isProbing: Bool

        /// The limit when no probe is under way.
        public var learnt: Int

        /// What the venue takes when it is not crowded; nil until the first probe has ended.
        public var referenceLatency: Duration?

        /// What the last call took that the venue answered; nil before the first.
        public var lastLatency: Duration?

        /// Counts how often the limit has been judged anew.
        public var epoch: UInt64
    }

    /// How many calls may be in flight.
    public var limit: Int

    /// How many are.
    public var inUse: Int

    /// The lanes, highest first.
    public var lanes: [Lane]

    /// What is known of the venue; nil where the limit is fixed.
    public var learning: Learning?

    /// How many wait in all lanes.
    public var waiting: Int { lanes.reduce(0) { $0 + $1.waiting } }
}

extension ConcurrencyCore {
    func status(names: [Lane]) -> ConcurrencyStatus {
        let lanes = zip(names, lanes).map { name, counts in
            ConcurrencyStatus.Lane(
                lane: name, waiting: counts.waiting, granted: counts.granted, refused: counts.refused)
        }
        return ConcurrencyStatus(limit: limit, inUse: inUse, lanes: lanes, learning: gradient?.learning)
    }
}

extension GradientLimit {
    fileprivate var learning: ConcurrencyStatus.Learning {
        let isProbing =
            switch phase {
            case .probing: true
            case .following: false
            }
        return ConcurrencyStatus.Learning(
            isProbing: isProbing, learnt: learnt, referenceLatency: reference.map { .nanoseconds($0) },
            lastLatency: lastLatency.map { .nanoseconds($0) }, epoch: epoch)
    }
}
