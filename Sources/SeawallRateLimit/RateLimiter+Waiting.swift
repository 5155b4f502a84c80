public import SeawallTime

extension RateLimiter {
    /// Takes the tokens of a call, waiting for its turn where that is needed.
    ///
    /// A task that is cancelled while it waits leaves the line and has taken nothing. A grant that came before the
    /// cancellation is returned all the same: give it back if the call is not made. An instant is granted before the
    /// deadline, never at it. To leave the line, as to be let go, costs by the number of different kinds of calls that
    /// wait, by what they touch: each of those is looked at again.
    ///
    /// - Throws: `CancellationError`; `RateLimitError` with `deadlineExceeded` (at once where it provably cannot be met,
    ///   else at the deadline), `queueFull`, `shed`, `weightOverBurst`, `cannotBeLeft`, `unknownBucket`, `unknownLane`,
    ///   `invalidWeight`, `tooManyKeys` or `shutDown`.
    public func acquire(
        _ charge: Charge, lane: Lane, scopes: [String] = [], deadline: MonotonicInstant? = nil
    ) async throws -> Grant {
        try Task.checkCancellation()
        var ticket: UInt64 = 0
        if let grant = try ask(charge, lane: lane, scopes: scopes, deadline: deadline, ticket: &ticket) { return grant }
        return try await turn(of: ticket).grant
    }

    /// The grant if it may go now, else a ticket for a place in line.
    ///
    /// Never inlined: what it needs for a moment would stay in the frame of every task that waits.
    @inline(never)
    private func ask(
        _ charge: Charge, lane: Lane, scopes: [String], deadline: MonotonicInstant?, ticket: inout UInt64
    ) throws(RateLimitError) -> Grant? {
        let (issued, admission) = enqueue(charge, lane: lane, scopes: scopes, deadline: deadline)
        switch admission {
        case .granted(let grant): return grant
        case .refused(let error): throw error
        case .waiting:
            ticket = issued
            return nil
        }
    }

    /// Asks for a place in line under a new ticket.
    func enqueue(
        _ charge: Charge, lane: Lane, scopes: [String], deadline: MonotonicInstant?
    ) -> (ticket: UInt64, admission: RateLimiterCore.Admission) {
        perform { state, now in
            let ticket = state.suspensions.issueTicket()
            let admission = state.core.acquire(
                charge, lane: lane, scopes: scopes, deadline: deadline, ticket: ticket, now: now)
            if case .waiting = admission { state.suspensions.expect(ticket) }
            return (ticket, admission)
        }
    }

    /// Waits for the end of a ticket.
    ///
    /// Never inlined, so that its caller's frame does not grow by it.
    @inline(never)
    func turn(of ticket: UInt64) async throws -> TurnCome {
        try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation { continuation in
                state.withLock { $0.suspensions.suspend(ticket, continuation) }?.resume()
            }
        } onCancel: {
            leave(ticket)
        }
    }

    /// Leaves the line; the task that waits is told.
    func leave(_ ticket: UInt64) {
        let resumption = perform { state, now in
            state.core.cancel(ticket, now: now) ? state.suspensions.end(ticket, .failure(CancellationError())) : nil
        }
        resumption?.resume()
    }
}

/// The one way into the state, and what is carried out once the lock is left.
extension RateLimiter {
    private struct Effects: Sendable {
        var resumptions: [Suspensions<TurnCome>.Resumption] = []
        var stopped: Task<Void, Never>?
        var started: Timer?
    }

    @discardableResult
    func perform<Answer: Sendable>(_ event: (inout State, MonotonicInstant) -> Answer) -> Answer {
        let (answer, effects) = state.withLock { state in
            state.endLease()
            // Read inside the lock: time read before it could be older than what another thread has acted on.
            let answer = event(&state, now)
            return (answer, Self.settle(&state))
        }
        if let effects { carryOut(effects) }
        return answer
    }

    /// Answers a prepared call that could not be answered without the lock.
    func ask(_ place: Int, at given: MonotonicInstant?) -> PreparedCall.Decision {
        let (decision, effects) = state.withLock { state in
            let decision = state.ask(place) { given ?? now }
            return (decision, Self.settle(&state))
        }
        if let effects { carryOut(effects) }
        return decision
    }

    /// Nil where nobody waits or did, as in most calls.
    private static func settle(_ state: inout State) -> Effects? {
        guard state.core.hasReleases || state.core.wakeAt != nil || state.timer != nil else { return nil }
        var effects = Effects(resumptions: resumptions(&state))
        guard let wakeAt = state.core.wakeAt else {
            effects.stopped = state.timer?.task
            state.timer = nil
            return effects
        }
        // A timer that is early only looks again; one that is late would let somebody wait for nothing.
        if let timer = state.timer, timer.wakeAt <= wakeAt { return effects }
        effects.stopped = state.timer?.task
        state.lastTimer &+= 1
        state.timer = Timer(id: state.lastTimer, wakeAt: wakeAt)
        effects.started = state.timer
        return effects
    }

    private static func resumptions(_ state: inout State) -> [Suspensions<TurnCome>.Resumption] {
        state.core.takeReleases().compactMap { release in
            state.suspensions.end(release.ticket, release.result.map(TurnCome.init).mapError { $0 as any Error })
        }
    }

    private func carryOut(_ effects: Effects) {
        for resumption in effects.resumptions { resumption.resume() }
        effects.stopped?.cancel()
        if let timer = effects.started { start(timer) }
    }

    private func start(_ timer: Timer) {
        let task = spawner.spawn { await self.runTimer(timer) }
        let isStale = state.withLock { state in
            guard state.timer?.id == timer.id else { return true }
            state.timer?.task = task
            return false
        }
        if isStale { task.cancel() }
    }

    private func runTimer(_ timer: Timer) async {
        var next: MonotonicInstant? = timer.wakeAt
        while let wakeAt = next {
            do {
                try await time.sleep(until: wakeAt)
            } catch {
                // Cancelled by us it is stale; by the owner of all tasks, nobody would ever be woken again.
                if state.withLock({ $0.timer?.id == timer.id }) { shutdown() }
                return
            }
            next = fire(timer.id)
        }
    }

    /// Lets go whoever can go now, and says when to look again; nil ends the timer.
    private func fire(_ id: UInt64) -> MonotonicInstant? {
        let (wakeAt, resumptions) = state.withLock { state -> (MonotonicInstant?, [Suspensions<TurnCome>.Resumption]) in
            guard state.timer?.id == id else { return (nil, []) }
            state.endLease()
            state.core.advance(to: now)
            let wakeAt = state.core.wakeAt
            if let wakeAt { state.timer?.wakeAt = wakeAt } else { state.timer = nil }
            return (wakeAt, Self.resumptions(&state))
        }
        for resumption in resumptions { resumption.resume() }
        return wakeAt
    }
}
