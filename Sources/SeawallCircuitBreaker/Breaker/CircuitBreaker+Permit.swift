extension CircuitBreaker {
    /// The right to make one call, which hands itself back: dropped without a result, it counts as ignored.
    ///
    /// It cannot be copied, and it cannot be settled twice. Where that is in the way, take a `Ticket`.
    public struct Permit: ~Copyable, Sendable {
        @usableFromInline let ticket: Ticket
        /// The breaker that has to hear of the permit's end; only a probe holds anything that must go back.
        @usableFromInline var holder: CircuitBreaker?

        @inlinable
        init(_ ticket: Ticket, from breaker: CircuitBreaker) {
            self.ticket = ticket
            holder = ticket.isProbe ? breaker : nil
        }

        /// True where the call tries whether the trouble is over.
        @inlinable public var isProbe: Bool { ticket.isProbe }

        /// Takes the ticket out, so that nothing goes back by itself any more.
        @inlinable
        consuming func taken() -> Ticket {
            holder = nil
            return ticket
        }

        @inlinable
        deinit {
            if let holder { holder.giveBack(ticket) }
        }
    }

    /// Asks to make a call, for a permit that hands itself back when it is dropped.
    ///
    /// - Parameter onTransition: hears of each transition that asking caused or discovered, in order, outside the lock.
    /// - Throws: `Rejection` where the call may not be made.
    @inlinable
    public func permit(onTransition: (Transition) -> Void = { _ in }) throws(Rejection) -> Permit {
        Permit(try ticket(onTransition: onTransition), from: self)
    }

    /// Hands a permit back with the result of its call.
    ///
    /// - Returns: what changed. A result from an earlier era changes nothing.
    @inlinable
    @discardableResult
    public func record(_ result: CallResult, for permit: consuming Permit) -> [Transition] {
        record(result, for: permit.taken())
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
