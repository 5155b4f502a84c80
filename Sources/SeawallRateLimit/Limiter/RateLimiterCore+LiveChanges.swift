internal import SeawallTime

/// What changes while the limiter runs: limits, and where the venue's windows begin.
extension RateLimiterCore {
    /// The venue's civil clock is known; an error below 0 is none that can be true, and changes nothing.
    mutating func alignWindows(_ clock: VenueClock, now: MonotonicInstant) {
        guard clock.error >= 0 else { return }
        run(now) { core, now in
            core.venueClock = clock
            for index in core.buckets.indices {
                // What has left by the clock as it was known does not come back.
                core.buckets[index].expire(now)
                core.buckets[index].align(clock)
            }
            core.keyed.lookAtAll(from: now)
        }
    }

    /// Puts another configuration in the place of a bucket's, whose use stays known.
    mutating func update(_ bucket: BucketConfiguration, now: MonotonicInstant) throws(RateLimitError) {
        guard let named = bucketIndexes[bucket.name] else {
            throw RateLimitError(code: .unknownBucket, subject: bucket.name)
        }
        let old = configuration.buckets[named]
        var changed = configuration
        changed.buckets[named] = bucket
        var problems: [String] = []
        if bucket.scope != old.scope { problems.append("scope is \(bucket.scope), expected \(old.scope) as it was") }
        if bucket.isPerKey != old.isPerKey {
            problems.append("isPerKey is \(bucket.isPerKey), expected \(old.isPerKey) as it was")
        }
        guard problems.isEmpty else {
            throw RateLimitError(code: .invalidConfiguration, subject: bucket.name, details: problems)
        }
        try changed.validate()
        run(now) { core, now in core.replace(named, in: changed, now: now) }
    }

    private mutating func replace(_ named: Int, in changed: RateLimiterConfiguration, now: Int64) {
        let old = Bucket(configuration.buckets[named], lanes: changed.lanes)
        configuration = changed
        hasReleasable = changed.buckets.contains(where: \.isReleasable)
        let bucket = changed.buckets[named]
        let made = Bucket(bucket, lanes: changed.lanes)
        limits[named] = Limit(made, lanes: changed.lanes.count)
        // Who has given back is remembered for as long as what he took.
        let longer = made.memory.subtractingSaturating(old.memory)
        if longer > 0 { returned = returned.mapValues { $0.addingSaturating(longer) } }
        understood = [:]
        lastUnderstood = nil
        understandings &+= 1
        for place in buckets.indices where buckets[place].configuration.name == bucket.name {
            buckets[place].expire(now)
            buckets[place] = buckets[place].reconfigured(bucket, lanes: changed.lanes, clock: venueClock, now: now)
        }
        keyed.lookAtAll(from: now)
        for ticket in queue.tickets {
            guard let request = queue.request(of: ticket) else { continue }
            let obstacles = request.tolls.compactMap { buckets[$0.bucket].neverFits($0, lane: request.lane) }
            // What the door would name first.
            guard let code = obstacles.first(where: { $0 == .weightOverBurst }) ?? obstacles.first else { continue }
            release(ticket, .failure(RateLimitError(code: code, subject: bucket.name)))
        }
    }
}
