internal import SeawallTime

/// Where the counters of buckets that have one for each key are, and which of them may be forgotten.
///
/// A counter becomes idle by time, or by what happens to it. So each has an instant before which looking at it is of no use,
/// earliest first in a heap: one that is looked at too soon gets a later instant, and has been used since it got the one
/// before. In all no more is looked at than happens to counters, however many there are.
struct KeyedCounters: Sendable {
    struct Name: Hashable, Sendable {
        var bucket: Int
        var key: String
    }

    private struct Tenant: Sendable {
        var name: Name
        /// When it may be idle at the soonest; the end of time where something must happen first.
        var lookAt: Int64
    }

    private(set) var places: [Name: Int] = [:]
    private var tenants: [Int: Tenant] = [:]
    private var looks = DeadlineHeap()
    /// Places of counters that were forgotten.
    private var free: [Int] = []
    /// How often a counter was looked at to see whether it is idle.
    private(set) var lookCount = 0

    /// No counter becomes idle by time alone before this instant; nil where time alone frees none.
    var nextLook: Int64? { looks.first?.deadline }

    /// A place of which the counter was forgotten.
    mutating func takeFreePlace() -> Int? { free.popLast() }

    mutating func add(_ name: Name, at place: Int, now: Int64) {
        places[name] = place
        tenants[place] = Tenant(name: name, lookAt: .max)
        look(at: place, from: now)
    }

    mutating func forget(_ place: Int) {
        guard let tenant = tenants.removeValue(forKey: place) else { return }
        places[tenant.name] = nil
        free.append(place)
    }

    /// A counter may be idle from an instant on; what was known of it before stands where that is sooner.
    mutating func look(at place: Int, from instant: Int64) {
        guard let tenant = tenants[place], instant < tenant.lookAt else { return }
        tenants[place]?.lookAt = instant
        looks.push(instant, ticket: UInt64(place))
        if looks.count > 2 * tenants.count + 64 {
            looks.prune { [tenants] node in tenants[Int(node.ticket)]?.lookAt == node.deadline }
        }
    }

    /// Every counter may be idle.
    mutating func lookAtAll(from instant: Int64) {
        for place in tenants.keys { look(at: place, from: instant) }
    }

    /// The place of a counter that may be idle by now; it is not looked at again before it is told to.
    mutating func nextToLook(_ now: Int64) -> Int? {
        while let first = looks.first, first.deadline <= now {
            looks.popFirst()
            let place = Int(first.ticket)
            guard tenants[place]?.lookAt == first.deadline else { continue }
            tenants[place]?.lookAt = .max
            lookCount &+= 1
            return place
        }
        return nil
    }
}

extension RateLimiterCore {
    /// The place of the counter that a key of a bucket is counted by, made where it is new; nil where all are in use.
    ///
    /// What the same call charges besides stays, though it may be idle yet.
    mutating func counter(of bucket: Int, key: String, besides tolls: Tolls = Tolls(), now: Int64) -> Int? {
        guard configuration.buckets[bucket].isPerKey else { return bucket }
        let name = KeyedCounters.Name(bucket: bucket, key: key)
        if let place = keyed.places[name] { return place }
        if keyed.places.count >= configuration.maximumKeys {
            guard forgetIdleCounter(besides: tolls, now: now) else { return nil }
        }
        let place = keyed.takeFreePlace() ?? buckets.count
        var counter = Bucket(configuration.buckets[bucket], key: key, lanes: configuration.lanes)
        counter.madeAfter = lastGrant
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
        keyed.add(name, at: place, now: now)
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

    /// Something has happened to counters that may leave them idle: less is used, or nobody waits any more.
    mutating func lookAgain(at tolls: Tolls, now: Int64) {
        for index in 0..<tolls.count where tolls[index].bucket >= limits.count {
            keyed.look(at: tolls[index].bucket, from: now)
        }
    }

    /// Forgets a counter that is as it was made and for which nobody waits; false where there is none.
    private mutating func forgetIdleCounter(besides tolls: Tolls, now: Int64) -> Bool {
        var kept: [Int] = []
        defer { for place in kept { keyed.look(at: place, from: now) } }
        while let place = keyed.nextToLook(now) {
            buckets[place].expire(now)
            if tolls.contains(where: { $0.bucket == place }) {
                kept.append(place)
            } else if queue.awaits(place) || buckets[place].held > 0 {
                // Whoever waits or holds says when he has ended.
                continue
            } else if buckets[place].isIdle {
                keyed.forget(place)
                understandings &+= 1
                return true
            } else {
                keyed.look(at: place, from: max(buckets[place].emptyAt(now), now.addingSaturating(1)))
            }
        }
        return false
    }
}
