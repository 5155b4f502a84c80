internal import SeawallTime

/// How a call is understood, judged and let in.
extension RateLimiterCore {
    /// Finds the lane and the buckets, and refuses what can never be granted.
    ///
    /// What was understood before is remembered: most calls are like one that was made before.
    mutating func understand(
        _ charge: Charge, lane: Lane, scopes: [String], deadline: MonotonicInstant?, now: Int64
    ) -> Result<Request, RateLimitError> {
        if isShutDown { return .failure(RateLimitError(code: .shutDown)) }
        if let lastUnderstood, lastUnderstood.means(charge, lane: lane, scopes: scopes) {
            return .success(Request(call: lastUnderstood, deadline: deadline?.nanoseconds))
        }
        let call = Call(charge: charge, lane: lane, scopes: scopes)
        if let known = understood[call] {
            lastUnderstood = known
            return .success(Request(call: known, deadline: deadline?.nanoseconds))
        }
        let result = interpret(charge, lane: lane, scopes: scopes, deadline: deadline, now: now)
        // A key's counter may be forgotten, and its place given to another.
        if case .success(let request) = result, request.tolls.allSatisfy({ $0.bucket < limits.count }) {
            if understood.count >= Self.mostUnderstood { understood.removeAll(keepingCapacity: true) }
            understood[call] = request.call
        }
        return result
    }

    private mutating func interpret(
        _ charge: Charge, lane: Lane, scopes: [String], deadline: MonotonicInstant?, now: Int64
    ) -> Result<Request, RateLimitError> {
        guard let laneIndex = laneIndexes[lane] else {
            return .failure(RateLimitError(code: .unknownLane, subject: lane.rawValue))
        }
        var tolls = Tolls()
        do throws(RateLimitError) {
            if charge.weights.count == 1, charge.leaving.isEmpty, let (name, weight) = charge.weights.first {
                if let toll = try toll(weight, 0, in: name, key: charge.key, besides: tolls, lane: laneIndex, now: now)
                {
                    tolls.append(toll)
                }
            } else {
                // Sorted, so that of several faults the same one is always named.
                for (name, part) in charge.parts.sorted(by: { $0.key < $1.key }) {
                    let (weight, leaving) = part
                    let toll = try toll(
                        weight, leaving, in: name, key: charge.key, besides: tolls, lane: laneIndex, now: now)
                    if let toll { tolls.append(toll) }
                }
            }
        } catch {
            return .failure(error)
        }
        let call = UnderstoodCall(
            Call(charge: charge, lane: lane, scopes: scopes), lane: laneIndex, laneName: configuration.lanes[laneIndex],
            tolls: tolls,
            footprint: footprint(of: tolls, scopes: scopes), issuer: issuer)
        return .success(Request(call: call, deadline: deadline?.nanoseconds))
    }

    /// What a weight takes; nil where it is nothing.
    private mutating func toll(
        _ weight: Int, _ leaving: Int, in name: String, key: String, besides tolls: Tolls, lane: Int, now: Int64
    ) throws(RateLimitError) -> Toll? {
        guard let named = bucketIndexes[name] else { throw RateLimitError(code: .unknownBucket, subject: name) }
        if weight < 0 || leaving < 0 { throw RateLimitError(code: .invalidWeight, subject: name) }
        if weight > limits[named].heaviest[lane] { throw RateLimitError(code: .weightOverBurst, subject: name) }
        if weight.addingSaturating(leaving) > limits[named].capacity {
            throw RateLimitError(code: .cannotBeLeft, subject: name)
        }
        if weight == 0, leaving == 0 { return nil }
        guard let index = counter(of: named, key: key, besides: tolls, now: now) else {
            throw RateLimitError(code: .tooManyKeys, subject: name)
        }
        return Toll(bucket: index, weight: weight, leaving: leaving)
    }

    private func footprint(of tolls: Tolls, scopes: [String]) -> Footprint {
        // Most calls charge one bucket and name no scope: what those touch is known beforehand.
        if tolls.count == 1, let only = tolls.first, scopes.isEmpty { return footprints[only.bucket] }
        var all = scopes
        for toll in tolls {
            let scope = buckets[toll.bucket].configuration.scope
            if !scope.isEmpty, !all.contains(scope) { all.append(scope) }
        }
        let sorted = all.sorted()
        let unique = sorted.indices.filter { $0 == 0 || sorted[$0 - 1] != sorted[$0] }.map { sorted[$0] }
        return Footprint(buckets: tolls.map(\.bucket).sorted(), scopes: unique)
    }

    /// Nil if the request may go now, else why not.
    ///
    /// Looks at gates, at who waits, then at tokens.
    mutating func judge(_ request: Request, now: Int64) -> Refusal? {
        let (earliest, obstacle) = earliest(request, now: now)
        if !queue.isEmpty, queue.holdsBack(request) {
            return obstacle.code == .gated
                ? Refusal(code: .gated, subject: obstacle.subject) : Refusal(code: .behindWaiters)
        }
        if earliest <= now { return nil }
        return Refusal(
            code: obstacle.code, subject: obstacle.subject, until: MonotonicInstant(nanoseconds: earliest))
    }

    /// The first instant at which gates and tokens let a request go if nobody else asks, and what stands in the way.
    ///
    /// A closed gate is named before a bucket, even where the bucket takes longer.
    mutating func earliest(
        _ request: Request, now: Int64
    ) -> (instant: Int64, obstacle: (code: RateLimitError.Code, subject: String)) {
        let call = request.call
        var instant = now
        var last = -1
        for index in 0..<call.tolls.count {
            let toll = call.tolls[index]
            let fits = buckets[toll.bucket].earliest(
                weight: toll.weight, leaving: toll.leaving, lane: call.lane, now: now)
            guard fits > instant else { continue }
            instant = fits
            last = toll.bucket
        }
        if let gate = gates.latest(of: call.footprint.scopes, now: now) {
            return (max(instant, gate.end), (.gated, gate.scope))
        }
        return (instant, (.noTokens, last < 0 ? "" : buckets[last].configuration.name))
    }

    /// Lets a request go, turns it away at the door, or gives it a place in line.
    mutating func admit(_ request: Request, ticket: UInt64, now: Int64) -> Admission {
        let lane = configuration.lanes[request.lane]
        // Whoever waits ahead can only make it later, so this instant is a proof.
        let (earliest, obstacle) = earliest(request, now: now)
        if let deadline = request.deadline, earliest >= deadline {
            let until = MonotonicInstant(nanoseconds: earliest)
            return turnAway(
                RateLimitError(code: .deadlineExceeded, subject: obstacle.subject, until: until), lane: lane)
        }
        if earliest <= now, !queue.holdsBack(request) { return .granted(take(request, now: now)) }
        if queue.count >= configuration.maximumWaiters {
            guard let shed = queue.newestOfLowest(below: request.lane) else {
                return turnAway(RateLimitError(code: .queueFull), lane: lane)
            }
            release(shed, .failure(RateLimitError(code: .shed)))
        }
        queue.append(Waiter(ticket: ticket, request: request))
        return .waiting
    }

    mutating func refuse(_ refusal: Refusal, lane: Lane) -> Decision {
        countRefusal(lane)
        return .refused(refusal)
    }

    mutating func turnAway(_ error: RateLimitError, lane: Lane) -> Admission {
        countRefusal(lane)
        return .refused(error)
    }

    mutating func refused(_ error: RateLimitError, lane: Int) -> Refusal {
        refused[lane] &+= 1
        return Refusal(code: error.code, subject: error.subject)
    }

    /// Counts what was refused without asking.
    mutating func countRefusals(_ count: UInt64, lane: Int) { refused[lane] &+= count }

    private mutating func countRefusal(_ lane: Lane) {
        if let index = laneIndexes[lane] { refused[index] += 1 }
    }
}

extension UnderstoodCall {
    fileprivate func means(_ charge: Charge, lane: Lane, scopes: [String]) -> Bool {
        asked.lane == lane && asked.scopes == scopes && asked.charge == charge
    }
}

extension Charge {
    /// What it takes and what it leaves, by the names of buckets.
    fileprivate var parts: [String: (weight: Int, leaving: Int)] {
        var parts = weights.mapValues { (weight: $0, leaving: 0) }
        for (name, amount) in leaving { parts[name, default: (0, 0)].leaving = amount }
        return parts
    }
}
