internal import SeawallTime

/// What the server says of its own counts.
extension RateLimiterCore {
    /// The server's own count of a bucket; an unknown bucket or a negative count changes nothing.
    mutating func reportUsage(
        bucket: String, used: Int, key: String = "", answering grant: Grant? = nil, now: MonotonicInstant,
        resetsAt: MonotonicInstant = .distantFuture
    ) {
        guard let named = bucketIndexes[bucket], used >= 0 else { return }
        run(now) { core, now in
            guard let index = core.counter(of: named, key: key, now: now) else { return }
            core.buckets[index].expire(now)
            let own = grant.flatMap { $0.issuer === core.issuer ? $0 : nil }
            // A place may have another counter by now than the one that the call was charged to.
            let place = own?.tolls.firstIndex { $0.bucket == index }
                .flatMap { core.buckets[index].madeAfter < (own?.id ?? 0) ? $0 : nil }
            let answered = place.flatMap { place in own.map { ($0.tolls[place].weight, $0.settledBefore(place)) } }
            core.buckets[index].raise(
                to: used, answering: answered, grantedAt: place == nil ? nil : own?.instant.nanoseconds, now: now,
                resetsAt: resetsAt.nanoseconds, word: (core.lastGrant, own?.instant.nanoseconds))
            core.keyed.look(at: index, from: now)
        }
    }

    /// What a server's headers say; `civilNow` is its clock's.
    mutating func learn(
        _ readings: [UsageReading], key: String, answering grant: Grant?, now: MonotonicInstant, civilNow: CivilInstant
    ) {
        for reading in readings {
            guard let named = bucketIndexes[reading.bucket] else { continue }
            // What is left is what counts, whatever the server takes its limit for.
            let left = reading.remaining.map { max(0, configuration.buckets[named].limit.subtractingSaturating($0)) }
            // Whole seconds may have been rounded down.
            let end = reading.resets.map { $0.instant(now: now, civilNow: civilNow) }.max()?.advanced(by: .seconds(1))
            reportUsage(
                bucket: reading.bucket, used: max(reading.used ?? 0, left ?? 0), key: key, answering: grant, now: now,
                resetsAt: end ?? .distantFuture)
        }
    }
}
