internal import SeawallBroker
internal import SeawallRateLimit
internal import SeawallTime

extension RateLimiterConfiguration {
    /// The limiter of a venue: a bucket for each limit that calls use up, of which `share` thousandths are used, and of
    /// those `processShare` thousandths by this process where others use the same scopes.
    ///
    /// What a call takes is held until it has ended, so that the venue's windows are kept where calls arrive. Each lane but
    /// the last has a reserve (`LaneReserves`). Limits on open orders are no windows; `OpenOrderLimits` keeps them.
    ///
    /// - Throws: `GuardError` of code `invalid`, which names every limit that cannot be kept so, and why.
    init(
        venue: VenueProfile, share: Int, processShare: Int = 1_000, sharedScopes: Set<LimitScope>? = nil
    ) throws(GuardError) {
        var buckets: [BucketConfiguration] = []
        var problems: [String] = []
        for limit in venue.limits where limit.counts != .open {
            guard let window = limit.drainingWindow else {
                problems.append(
                    "limit \(limit.name) falls by \(limit.decay) a second, which takes longer than 366 days")
                continue
            }
            var bucket = BucketConfiguration(
                name: limit.name, scope: limit.scope.rawValue, limit: limit.limit, window: window,
                marginPerMille: share, shape: limit.shape.bucketShape, isPerKey: limit.isPerSymbol,
                offset: limit.shape == .fixed ? limit.offset : .zero, isReleasable: limit.releasesOnFill,
                sharePerMille: sharedScopes?.contains(limit.scope) ?? true ? processShare : 1_000)
            let reserves = LaneReserves(of: venue, in: limit, capacity: bucket.capacity)
            bucket.reserves = reserves.byLane
            problems += venue.callsTooHeavy(for: bucket, reserves)
            buckets.append(bucket)
        }
        guard problems.isEmpty else {
            throw GuardError(
                code: .invalid,
                message: "the limits of \(venue.name) cannot be kept with a share of \(share) thousandths"
                    + (processShare == 1_000 ? ": " : ", of which this process has \(processShare): ")
                    + problems.joined(separator: "; "))
        }
        self.init(lanes: Lane.trading, buckets: buckets, holdsUntilSettled: true, followsAnother: true)
    }
}

extension RateLimiterConfiguration {
    /// The limiter of a venue for a layer.
    init(venue: VenueProfile, _ configuration: LayerConfiguration) throws(GuardError) {
        try self.init(
            venue: venue, share: configuration.limitShare, processShare: configuration.processShare,
            sharedScopes: configuration.sharedScopes)
    }
}

extension LimitRule.Shape {
    /// The same shape in the limiter's terms.
    fileprivate var bucketShape: BucketConfiguration.Shape {
        switch self {
        case .rolling: .window
        case .fixed: .fixed
        case .decay: .decay
        }
    }
}

extension LimitRule {
    /// The venue's window, or the time in which a counter that falls goes from the limit to nothing, rounded up.
    fileprivate var drainingWindow: Duration? {
        guard shape == .decay else { return window }
        guard decay > 0 else { return nil }
        let parts = Int128(limit) * 1_000_000_000
        let nanoseconds = (parts + Int128(decay) - 1) / Int128(decay)
        let longest = Int128(366 * 86_400) * 1_000_000_000
        return nanoseconds <= longest ? .nanoseconds(Int64(nanoseconds)) : nil
    }
}

extension VenueProfile {
    fileprivate func callsTooHeavy(for bucket: BucketConfiguration, _ reserves: LaneReserves) -> [String] {
        BrokerOperation.allCases.compactMap { operation in
            let most = bucket.capacity - reserves.kept(from: operation)
            let weight = heaviest(operation, in: bucket.name)
            guard weight > most else { return nil }
            return "limit \(bucket.name) leaves \(most) at once, and \(operation.rawValue) costs up to \(weight)"
        }
    }
}
