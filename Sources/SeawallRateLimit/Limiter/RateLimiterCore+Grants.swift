internal import SeawallTime

/// What becomes of a grant: taken, given back, settled, released.
extension RateLimiterCore {
    /// Takes back a grant that was not used.
    ///
    /// False where that changes nothing: given back before, or another's.
    @discardableResult
    mutating func giveBack(_ grant: Grant, now: MonotonicInstant) -> Bool {
        guard grant.issuer === issuer else { return false }
        return run(now) { core, now in
            if core.configuration.holdsUntilSettled {
                guard core.inFlight.remove(grant.id) != nil else { return false }
                for toll in grant.tolls { core.buckets[toll.bucket].letGo(toll.weight, grant: grant.id) }
                core.lookAgain(at: grant.tolls, now: now)
                return true
            }
            guard core.returned[grant.id] == nil else { return false }
            core.remember(grant, now: now)
            core.releasable[grant.id] = nil
            // What was taken of another counter in the same place is not given back to this one.
            for (place, toll) in grant.tolls.enumerated() where core.buckets[toll.bucket].madeAfter < grant.id {
                core.buckets[toll.bucket].expire(now)
                core.buckets[toll.bucket].giveBack(
                    toll.weight, mark: grant.settledBefore(place), grant: grant.id,
                    takenAt: grant.instant.nanoseconds, now: now)
            }
            core.lookAgain(at: grant.tolls, now: now)
            return true
        }
    }

    /// The call of a grant whose tokens are held has ended.
    ///
    /// False where that changes nothing: not held, or another's.
    @discardableResult
    mutating func settle(_ grant: Grant, now: MonotonicInstant) -> Bool {
        guard grant.issuer === issuer else { return false }
        return run(now) { core, now in
            guard core.inFlight.remove(grant.id) != nil else { return false }
            for toll in grant.tolls {
                core.buckets[toll.bucket].expire(now)
                core.buckets[toll.bucket].settle(toll.weight, now: now)
            }
            core.lookAgain(at: grant.tolls, now: now)
            core.noteSettled(grant, at: now)
            return true
        }
    }

    /// The venue has stopped counting what a call that has ended used in releasable buckets.
    ///
    /// False where that changes nothing: it has not ended, was released before, or counts no more anyway.
    @discardableResult
    mutating func release(_ grant: Grant, now: MonotonicInstant) -> Bool {
        guard grant.issuer === issuer else { return false }
        return run(now) { core, now in
            guard let (settled, until) = core.releasable.removeValue(forKey: grant.id), until > now else {
                return false
            }
            for toll in grant.tolls where core.buckets[toll.bucket].madeAfter < grant.id {
                guard core.buckets[toll.bucket].configuration.isReleasable else { continue }
                core.buckets[toll.bucket].release(toll.weight, settledAt: settled, now: now)
            }
            core.lookAgain(at: grant.tolls, now: now)
            // What was used cannot have been not used.
            if !core.configuration.holdsUntilSettled { core.remember(grant, now: now) }
            return true
        }
    }

    /// Takes the weights in all buckets; the request has been judged at this instant.
    mutating func take(_ request: Request, now: Int64) -> Grant {
        let call = request.call
        let isHolding = configuration.holdsUntilSettled
        var marks = Marks()
        var others: [Int] = []
        for index in 0..<call.tolls.count {
            let toll = call.tolls[index]
            if index < Marks.most {
                marks[index] = buckets[toll.bucket].settled
            } else {
                others.append(buckets[toll.bucket].settled)
            }
            if isHolding {
                buckets[toll.bucket].hold(toll.weight)
            } else {
                buckets[toll.bucket].take(toll.weight, now: now)
            }
        }
        granted[call.lane] += 1
        lastGrant &+= 1
        if isHolding { inFlight.insert(lastGrant) }
        let grant = Grant(
            instant: MonotonicInstant(nanoseconds: now), id: lastGrant, call: call, marks: marks, otherMarks: others)
        if hasReleasable, !isHolding { noteSettled(grant, at: now) }
        return grant
    }

    /// Remembers when a call ended, where the venue may stop counting it.
    private mutating func noteSettled(_ grant: Grant, at now: Int64) {
        guard hasReleasable else { return }
        let ends = grant.tolls.filter { buckets[$0.bucket].configuration.isReleasable }
            .map { buckets[$0.bucket].forgets(now) }
        guard let until = ends.max() else { return }
        if releasable.count >= releasableLimit {
            releasable = releasable.filter { $0.value.until > now }
            releasableLimit = max(64, releasable.count * 2)
        }
        releasable[grant.id] = (now, until)
    }

    private mutating func remember(_ grant: Grant, now: Int64) {
        if returned.count >= returnedLimit {
            returned = returned.filter { $0.value > now }
            returnedLimit = max(64, returned.count * 2)
        }
        let memory = grant.tolls.map { buckets[$0.bucket].memory }.max() ?? 0
        returned[grant.id] = grant.instant.nanoseconds.addingSaturating(memory)
    }
}
