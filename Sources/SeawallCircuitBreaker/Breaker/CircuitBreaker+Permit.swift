extension CircuitBreaker {
    /// The right to make one call, which hands itself back: dropped without a result, it counts as ignored.
    ///
    /// It cannot be copied, and it cannot be settled twice. Where that is in the way, take a `Ticket`.
    public struct Permit: ~Copyable, Sendable {
        @usableFromInline let breaker: CircuitBreaker
        @usableFromInline let ticket: Ticket
        @usableFromInline var isSettled = false

        @inlinable
        init(breaker: CircuitBreaker, ticket: Ticket) {
            self.breaker = breaker
            self.ticket = ticket
        }

        /// True where the call tries whether the trouble is over.
        @inlinable public var isProbe: Bool { ticket.isProbe }

        /// Hands the permit back with the result of its call.
        ///
        /// - Returns: what changed. A result from an earlier era changes nothing.
        @inlinable
        @discardableResult
        public consuming func record(_ result: CallResult) -> [Transition] {
            isSettled = true
            return breaker.record(result, for: ticket)
        }

        @inlinable
        deinit {
            if !isSettled { breaker.giveBack(ticket) }
        }
    }

    /// Asks to make a call, for a permit that hands itself back when it is dropped.
    ///
    /// - Parameter onTransition: hears of each transition that asking caused or discovered, in order, outside the lock.
    /// - Throws: `Rejection` where the call may not be made.
    @inlinable
    public func permit(onTransition: (Transition) -> Void = { _ in }) throws(Rejection) -> Permit {
        let decision = admit()
        for transition in decision.transitions { onTransition(transition) }
        switch decision.admission {
        case .admitted(let ticket): return Permit(breaker: self, ticket: ticket)
        case .rejected(let rejection): throw rejection
        }
    }

    /// Takes back a ticket that nobody will settle.
    @usableFromInline
    func giveBack(_ ticket: Ticket) {
        // Only a probe holds anything.
        guard ticket.isProbe else { return }
        changeState { core, now in
            core.giveBack(ticket, now: now)
            return []
        }
    }
}
