internal import SeawallTime

extension RateLimiterCore {
    /// What the next process must know.
    mutating func snapshot(now: MonotonicInstant, civilNow: CivilInstant) -> RateLimiterSnapshot {
        advance(to: now)
        let instant = latestInstant
        let restarts = configuration.buckets.indices.map { index in
            guard case .restarted(let count) = predecessors[index] else { return 0 }
            return count
        }
        return RateLimiterSnapshot(
            takenAt: civilNow, monotonic: instant, uptime: instant.subtractingSaturating(start), isFinal: isShutDown,
            restarts: Dictionary(uniqueKeysWithValues: zip(configuration.buckets.map(\.name), restarts)),
            buckets: counters().map { index in
                buckets[index].expire(instant)
                return buckets[index].snapshot(now: instant)
            },
            gates: gates.closed(at: instant).map { gate in
                let left = Duration.nanoseconds(gate.end.subtractingSaturating(instant))
                return RateLimiterSnapshot.Gate(scope: gate.scope, until: civilNow.advanced(by: left))
            })
    }

    /// Goes on from where another ended; to be called before anything else.
    mutating func resume(_ snapshot: RateLimiterSnapshot, civilNow: CivilInstant) {
        let elapsed = snapshot.elapsed(now: start, civilNow: civilNow)
        // Gates are instants of civil time, and a civil clock that was set forward must not open them.
        for gate in snapshot.gates {
            let left = snapshot.takenAt.duration(to: gate.until).wholeNanoseconds.subtractingSaturating(elapsed)
            gates.close(gate.scope, until: start.addingSaturating(left), now: start)
        }
        let known = Dictionary(grouping: snapshot.buckets, by: \.configuration.name)
        for index in configuration.buckets.indices {
            let bucket = configuration.buckets[index]
            let stored = known[bucket.name] ?? []
            let isKnown = stored.allSatisfy { $0.configuration.remembersAll(of: bucket) }
            guard snapshot.restarts[bucket.name] != nil else { continue }
            if snapshot.isFinal, isKnown {
                predecessors[index] = .none
                buckets[index] = Bucket(bucket, lanes: configuration.lanes)
                for counter in stored {
                    guard let place = self.counter(of: index, key: counter.key, now: start) else {
                        // More than there may be now: any that is made later may be one of those.
                        predecessors[index] = .unknown
                        continue
                    }
                    buckets[place].restore(counter, elapsed: elapsed, now: start)
                }
            } else {
                let sinceStart = elapsed.addingSaturating(max(0, snapshot.uptime))
                let isChain = sinceStart < bucket.window.wholeNanoseconds
                let count = isChain ? max(0, snapshot.restarts[bucket.name] ?? 0).addingSaturating(1) : 1
                predecessors[index] = .restarted(count)
                buckets[index] = Bucket(bucket, lanes: configuration.lanes)
                buckets[index].assume(predecessors[index], since: start)
            }
        }
    }
}

extension RateLimiterSnapshot {
    /// How much time has passed since, at least; never negative.
    fileprivate func elapsed(now: Int64, civilNow: CivilInstant) -> Int64 {
        let civil = max(0, takenAt.duration(to: civilNow).wholeNanoseconds)
        // A monotonic clock that is behind has begun anew, and tells nothing.
        guard now >= monotonic else { return civil }
        return min(civil, now.subtractingSaturating(monotonic))
    }
}

extension Bucket {
    fileprivate func snapshot(now: Int64) -> RateLimiterSnapshot.Bucket {
        RateLimiterSnapshot.Bucket(
            configuration: configuration, key: key,
            spent: spendings(now: now).map {
                RateLimiterSnapshot.Spending(amount: $0.amount, age: now.subtractingSaturating($0.instant))
            },
            held: held,
            reported: reported(now: now).map {
                RateLimiterSnapshot.Spending(amount: $0.used, age: now.subtractingSaturating($0.heardAt))
            })
    }

    /// Takes in what another knew, so much time ago; what it held may have arrived until now.
    fileprivate mutating func restore(_ counter: RateLimiterSnapshot.Bucket, elapsed: Int64, now: Int64) {
        expire(now)
        let most = Self.highestReport
        for spending in counter.spent {
            // Slots are rounded up: an age may be below zero, and was zero then.
            let instant = now.subtractingSaturating(elapsed).subtractingSaturating(max(0, spending.age))
            restore(min(max(0, spending.amount), most), spentAt: instant)
        }
        let held = min(max(0, counter.held), most)
        for report in counter.reported.sorted(by: { $0.age > $1.age }) {
            // What was held is in it, and is taken below.
            hear(
                max(0, min(max(0, report.amount), most) - held),
                at: now.subtractingSaturating(elapsed).subtractingSaturating(max(0, report.age)))
        }
        take(held, now: now)
        expire(now)
    }
}
