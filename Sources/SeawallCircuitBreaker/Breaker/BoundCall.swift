internal import SeawallTime

/// A call within an attempt that has a time limit: it is settled once, by its result or as failed when its time is up.
///
/// The cancellation that follows is not the caller's, and says much of the other side. An attempt that is left behind may
/// never end at all.
@usableFromInline
final class BoundCall: Sendable {
    private let breaker: CircuitBreaker
    private let ticket: CircuitBreaker.Ticket
    private let limit: AttemptLimit
    private let isSettled = Lock(false)

    private init(_ breaker: CircuitBreaker, _ ticket: CircuitBreaker.Ticket, _ limit: AttemptLimit) {
        self.breaker = breaker
        self.ticket = ticket
        self.limit = limit
    }

    /// Binds a call to the attempt that the present task belongs to; nil where none is bounded, or its time is up already.
    @usableFromInline
    static func begin(_ breaker: CircuitBreaker, _ ticket: CircuitBreaker.Ticket) -> BoundCall? {
        guard let limit = AttemptLimit.innermost else { return nil }
        let call = BoundCall(breaker, ticket, limit)
        if limit.add(call, { call.overrun() }) { return call }
        // One of several limits was over, but another may have told the call just then: it is settled once all the same.
        return call.claims() ? nil : call
    }

    /// The call has ended; false where its time was up before, and its result counts no more.
    @usableFromInline
    func end() -> Bool {
        limit.remove(self)
        return claims()
    }

    private func overrun() {
        if claims() { breaker.record(.failure, for: ticket) }
    }

    private func claims() -> Bool {
        isSettled.withLock { isSettled in
            defer { isSettled = true }
            return !isSettled
        }
    }
}
