internal import SeawallTime

/// How those who wait come to their turn.
extension RateLimiterCore {
    /// Drops who is overdue, grants whoever can go, and finds the next instant at which anything changes.
    mutating func drain(_ now: Int64) {
        while let waiter = queue.popOverdue(now) {
            finish(waiter, .failure(overdue(waiter.request, now: now)))
        }
        var heldBack = HeldBack()
        var wake = Int64.max
        for lane in configuration.lanes.indices where queue.countByLane[lane] > 0 {
            drain(lane: lane, heldBack: &heldBack, wake: &wake, now: now)
            heldBack.endLane()
        }
        // Asked last: who has just gone takes its deadline along.
        if let deadline = queue.earliestDeadline() { wake = min(wake, deadline) }
        wakeAt = queue.isEmpty ? nil : MonotonicInstant(nanoseconds: wake)
    }

    /// What one is told whose deadline has come: as at the door, what stood in its way and until when.
    ///
    /// Nothing but those ahead of it, of whom nobody knows when they would have gone: no instant.
    private mutating func overdue(_ request: Request, now: Int64) -> RateLimitError {
        let (instant, obstacle) = earliest(request, now: now)
        guard instant > now else { return RateLimitError(code: .deadlineExceeded) }
        return RateLimitError(
            code: .deadlineExceeded, subject: obstacle.subject, until: MonotonicInstant(nanoseconds: instant))
    }

    /// Goes through a lane in order of arrival.
    ///
    /// Who cannot go holds back everyone behind that shares a bucket, and in lower lanes a scope.
    private mutating func drain(lane: Int, heldBack: inout HeldBack, wake: inout Int64, now: Int64) {
        // Every head of a line, first come first; a line whose head goes puts its next one in order again.
        var heads = queue.heads(lane: lane)
        var index = 0
        while index < heads.count {
            let waiter = heads[index]
            let request = waiter.request
            index += 1
            if heldBack.touches(request.footprint) {
                heldBack.hold(request.footprint)
                continue
            }
            let instant = earliest(request, now: now).instant
            guard instant <= now else {
                heldBack.hold(request.footprint)
                wake = min(wake, instant)
                continue
            }
            queue.remove(waiter.ticket)
            finish(waiter, .success(take(request, now: now)))
            if let next = queue.head(lane: lane, footprint: request.footprint) {
                let place = heads[index...].firstIndex { $0.ticket > next.ticket } ?? heads.count
                heads.insert(next, at: place)
            }
        }
    }
}
