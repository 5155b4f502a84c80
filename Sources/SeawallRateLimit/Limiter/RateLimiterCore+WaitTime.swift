internal import SeawallTime

/// How long a turn would take to come, played out on a copy.
extension RateLimiterCore {
    /// How long a call would wait if nobody else asked, takes or gave back; nil where it would not be let wait.
    ///
    /// Who waits ahead goes first. What is held is taken to end now: it cannot be sooner.
    func waitTime(_ charge: Charge, lane: Lane, scopes: [String], now: MonotonicInstant) -> Duration? {
        let ticket = UInt64.max
        var future = self
        switch future.acquire(charge, lane: lane, scopes: scopes, deadline: nil, ticket: ticket, now: now) {
        case .granted: return .zero
        case .refused: return nil
        case .waiting: break
        }
        return future.playOut(ticket, now: now)
    }

    /// How long one who is in line would wait yet, if nobody else asked, took or gave back; nil where it is not there.
    func waitTime(of ticket: UInt64, now: MonotonicInstant) -> Duration? {
        var future = self
        future.advance(to: now)
        if future.queue.request(of: ticket) == nil {
            return future.releases.contains { $0.ticket == ticket && (try? $0.result.get()) != nil } ? .zero : nil
        }
        return future.playOut(ticket, now: now)
    }

    /// Plays until one who is in line is there no more.
    private mutating func playOut(_ ticket: UInt64, now: MonotonicInstant) -> Duration? {
        let start = latestInstant
        for index in buckets.indices {
            buckets[index].expire(start)
            buckets[index].settle(buckets[index].held, now: start)
        }
        // Who goes before would hold too, and nobody is there to say that his call has ended: it ends at once.
        configuration.holdsUntilSettled = false
        advance(to: now)
        // At each instant at which the queue looks, somebody goes or leaves.
        while queue.request(of: ticket) != nil {
            guard let wakeAt = wakeAt else { return nil }
            advance(to: wakeAt)
        }
        return MonotonicInstant(nanoseconds: start).duration(to: MonotonicInstant(nanoseconds: latestInstant))
    }
}
