internal import SeawallTime

/// Calls that were granted beforehand, all at one instant, for those who come without a lock until another one.
///
/// A bucket that counts in slots counts all of a slot alike: so whoever comes within it finds just what he would have found.
/// What nobody came for goes back before anything else happens to the limiter.
struct Lease: Sendable {
    /// Below this many a lease is not worth its while.
    static let fewest = 8
    /// What a lease's word has room for.
    static let most = 1 << 20

    var call: UnderstoodCall
    var start: Int64
    /// The last instant at which a call may be made of it.
    var end: Int64
    var calls: Int
    /// The number of the grant before its first.
    var lastGrant: UInt64
    /// The marks of its first grant.
    var marks = Marks()
}

extension RateLimiterCore {
    /// Grants as many calls of a kind as there is room for now; nil where few fit, where somebody waits, or where each
    /// instant is counted by itself.
    ///
    /// To be asked right after a grant, which has looked at gates. One that does not last longer than `least` is none.
    mutating func lease(_ call: UnderstoodCall, lasting least: Int64) -> Lease? {
        guard queue.isEmpty, !isShutDown, !configuration.holdsUntilSettled, !hasReleasable else { return nil }
        let now = latestInstant
        var (calls, end) = (Lease.most, Int64.max)
        for index in 0..<call.tolls.count {
            let toll = call.tolls[index]
            guard let room = buckets[toll.bucket].room(leaving: toll.leaving, lane: call.lane, now: now) else {
                return nil
            }
            if toll.weight > 0 { calls = min(calls, room.units / toll.weight) }
            end = min(end, room.until)
        }
        guard calls >= Lease.fewest, end < .max, end.subtractingSaturating(now) > least else { return nil }
        var lease = Lease(call: call, start: now, end: end, calls: calls, lastGrant: lastGrant)
        for index in 0..<call.tolls.count {
            let toll = call.tolls[index]
            lease.marks[index] = buckets[toll.bucket].settled
            buckets[toll.bucket].take(toll.weight * calls, now: now)
        }
        lastGrant &+= UInt64(calls)
        granted[call.lane] &+= UInt64(calls)
        return lease
    }

    /// Ends a lease of which so many calls were never made; to be done before anything else.
    mutating func end(_ lease: Lease, unused: Int) {
        guard unused > 0 else { return }
        for index in 0..<lease.call.tolls.count {
            let toll = lease.call.tolls[index]
            buckets[toll.bucket].takeBack(toll.weight * unused, takenAt: lease.start)
        }
        lastGrant &-= UInt64(unused)
        granted[lease.call.lane] &-= UInt64(unused)
    }
}
