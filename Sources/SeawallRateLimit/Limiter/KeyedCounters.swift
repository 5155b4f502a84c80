/// Where the counters of buckets that have one for each key are.
struct KeyedCounters: Sendable {
    struct Name: Hashable, Sendable {
        var bucket: Int
        var key: String
    }

    var places: [Name: Int] = [:]
    /// Places of counters that were forgotten.
    var free: [Int] = []
}

extension RateLimiterCore {
    /// The place of the counter that a key of a bucket is counted by, made where it is new; nil where all are in use.
    mutating func counter(of bucket: Int, key: String, now: Int64) -> Int? {
        guard configuration.buckets[bucket].isPerKey else { return bucket }
        let name = KeyedCounters.Name(bucket: bucket, key: key)
        if let place = keyed.places[name] { return place }
        if keyed.places.count >= configuration.maximumKeys { forgetIdleCounters(now) }
        guard keyed.places.count < configuration.maximumKeys else { return nil }
        let place = keyed.free.popLast() ?? buckets.count
        var counter = Bucket(configuration.buckets[bucket], key: key, lanes: configuration.lanes)
        // What was taken of another counter in the same place is not given back to this one.
        counter.madeAt = now
        counter.align(venueClock)
        counter.assume(predecessors[bucket], since: start)
        let footprint = Footprint(bucket: place, of: counter.configuration)
        if place < buckets.count {
            buckets[place] = counter
            footprints[place] = footprint
        } else {
            buckets.append(counter)
            footprints.append(footprint)
        }
        keyed.places[name] = place
        return place
    }

    /// Where every counter is, in the order of the configuration, then of keys.
    func counters() -> [Int] {
        let named = Dictionary(grouping: keyed.places) { $0.key.bucket }
        return configuration.buckets.indices.flatMap { index in
            guard configuration.buckets[index].isPerKey else { return [index] }
            return (named[index] ?? []).sorted { $0.key.key < $1.key.key }.map(\.value)
        }
    }

    /// Forgets every counter that is as it was made and for which nobody waits.
    private mutating func forgetIdleCounters(_ now: Int64) {
        let awaited = queue.buckets
        for (name, place) in keyed.places.sorted(by: { $0.value < $1.value }) {
            buckets[place].expire(now)
            guard buckets[place].isIdle, !awaited.contains(place) else { continue }
            keyed.places[name] = nil
            keyed.free.append(place)
            understandings &+= 1
        }
    }
}
