public import SeawallTime

extension Outcome {
    /// True where the outcome says that the venue, or the way to it, is not well.
    ///
    /// A refusal, a limit, a ban or a caller that went away says nothing against the venue. What a limiter or a breaker
    /// of our own refused never becomes an outcome of the venue.
    public var countsAgainstBreaker: Bool {
        switch self {
        case .notSent, .ambiguous, .overloaded: true
        case .succeeded, .rateLimited, .banned, .rejected, .reduceCapacity, .noSuchOrder, .duplicate, .partial,
            .clockSkew, .venueMode, .authentication, .sessionExpired, .callerCancelled:
            false
        }
    }

    /// True where the outcome proves that this call changed nothing at the venue, and never will.
    ///
    /// Always true for calls that change no orders. A `duplicate` proves that the order exists, and `noSuchOrder` may
    /// mean filled, cancelled or never arrived: neither is such a proof.
    public func isProofOfNoEffect(for operation: BrokerOperation) -> Bool {
        guard operation.changesOrders else { return true }
        switch self {
        case .notSent, .overloaded, .rateLimited, .banned, .rejected, .reduceCapacity, .clockSkew, .venueMode,
            .authentication:
            return true
        case .succeeded, .ambiguous, .noSuchOrder, .duplicate, .partial, .sessionExpired, .callerCancelled: return false
        }
    }

    /// When something may be sent in the scope again, and the scope, where the outcome names them.
    public var gate: (until: MonotonicInstant, scope: LimitScope)? {
        switch self {
        case .rateLimited(let until, let scope), .banned(let until, let scope): (until, scope)
        case .succeeded, .notSent, .ambiguous, .overloaded, .rejected, .reduceCapacity, .noSuchOrder, .duplicate,
            .partial, .clockSkew, .venueMode, .authentication, .sessionExpired, .callerCancelled:
            nil
        }
    }

    /// What to do next, by the table of outcomes: it differs for reads, for what makes or changes orders, and for
    /// cancels, which may be repeated.
    package func nextStep(for operation: BrokerOperation) -> NextStep {
        switch operation {
        case .place, .amend: nextStepOfOrder
        case .cancel, .cancelMany, .cancelAll, .timer: nextStepOfCancel
        case .query, .openOrders, .history, .fills, .balances, .positions, .ticker, .candles, .depth, .preview, .rules,
            .status, .time, .fees, .permissions, .limits, .marketStream, .userStream:
            nextStepOfRead
        }
    }

    /// True where a read with this outcome may be made again after a backoff.
    package func isRetryableRead(_ operation: BrokerOperation) -> Bool {
        !operation.changesOrders && nextStep(for: operation) == .retry
    }

    private var nextStepOfRead: NextStep {
        switch self {
        case .succeeded: .finish
        case .notSent, .ambiguous, .overloaded: .retry
        case .rateLimited(let until, _): .wait(until: until)
        case .banned, .authentication: .stop
        case .rejected, .reduceCapacity, .duplicate, .callerCancelled: .fail
        case .noSuchOrder: .resolve
        case .partial: .split
        case .clockSkew: .measureClock
        case .venueMode: .awaitMode
        case .sessionExpired: .renewSession
        }
    }

    private var nextStepOfOrder: NextStep {
        switch self {
        case .succeeded: .finish
        case .notSent, .overloaded: .retry
        case .ambiguous, .noSuchOrder, .duplicate, .sessionExpired, .callerCancelled: .resolve
        case .rateLimited(let until, _): .wait(until: until)
        case .banned, .authentication: .stop
        case .rejected, .reduceCapacity, .venueMode: .fail
        case .partial: .split
        case .clockSkew: .measureClock
        }
    }

    private var nextStepOfCancel: NextStep {
        switch self {
        case .succeeded: .finish
        case .notSent, .ambiguous, .overloaded: .retry
        case .rateLimited(let until, _): .wait(until: until)
        case .banned, .authentication: .stop
        case .rejected, .reduceCapacity: .fail
        case .noSuchOrder, .duplicate, .callerCancelled: .resolve
        case .partial: .split
        case .clockSkew: .measureClock
        case .venueMode: .awaitMode
        case .sessionExpired: .renewSession
        }
    }
}
