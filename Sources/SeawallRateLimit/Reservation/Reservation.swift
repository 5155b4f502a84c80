public import SeawallTime

/// A place in a limiter's line that is held without waiting for it.
///
/// When its turn comes its tokens are taken, whether somebody waits for it or not. Given back, in whatever order and at
/// whatever time, it leaves everything as if it had never been: a place is left, tokens return exactly. One that is let
/// go of without being asked for its grant is given back, granted at the door or later.
public final class Reservation: Sendable {
    private enum Stage: Sendable {
        case inLine
        case awaited
        /// Its turn has come, and nobody has asked for the grant.
        case come(Grant)
        /// Handed out: it may have been used.
        case granted(Grant)
        case over(any Error)
    }

    private let limiter: RateLimiter
    private let ticket: UInt64
    private let stage: Lock<Stage>

    init(_ limiter: RateLimiter, ticket: UInt64, granted: Grant?) {
        self.limiter = limiter
        self.ticket = ticket
        stage = Lock(granted.map { .come($0) } ?? .inLine)
    }

    deinit {
        switch stage.withLock({ $0 }) {
        case .inLine: limiter.abandon(ticket)
        case .come(let grant): limiter.giveBack(grant)
        case .awaited, .granted, .over: break
        }
    }

    /// How long until its turn, if nobody else asked, took or gave back until then; zero once it has come.
    ///
    /// Exact in the sense of `RateLimiter.waitTime(for:lane:scopes:)`. Nil where it has no place any more.
    public var waitTime: Duration? {
        switch stage.withLock({ $0 }) {
        case .come, .granted: .zero
        case .over: nil
        case .inLine, .awaited: limiter.waitTime(of: ticket)
        }
    }

    /// The grant, where its turn has come; nil before, and where it has no place any more.
    ///
    /// Never waits. From then on the call is the caller's: give it back, or make it.
    public func grantIfReady() -> Grant? {
        // Time may have brought its turn just now, and that of others: they are told before any lock is taken here.
        if isInLine { limiter.lookForTurns() }
        return stage.withLock { stage in
            switch stage {
            case .come(let grant):
                stage = .granted(grant)
                return grant
            case .granted(let grant): return grant
            case .awaited, .over: return nil
            case .inLine:
                switch limiter.claim(ticket) {
                case .success(let grant):
                    stage = .granted(grant)
                    return grant
                case .failure(let error):
                    stage = .over(error)
                    return nil
                case nil: return nil
                }
            }
        }
    }

    private var isInLine: Bool {
        stage.withLock { stage in
            switch stage {
            case .inLine: true
            case .awaited, .come, .granted, .over: false
            }
        }
    }

    /// Waits for its turn, which may have come already.
    ///
    /// One task at a time may wait.
    ///
    /// - Throws: `CancellationError` where the task is cancelled while it waits, which gives the place back, and where it
    ///   was given back; `RateLimitError` as `RateLimiter.acquire(_:lane:scopes:deadline:)`, and with `reservationInUse`
    ///   where another task waits for it.
    public func grant() async throws -> Grant {
        if let grant = grantIfReady() { return grant }
        let isFirst = try stage.withLock { stage in
            switch stage {
            case .inLine:
                stage = .awaited
                return true
            case .awaited: throw RateLimitError(code: .reservationInUse)
            case .come, .granted: return false
            case .over(let error): throw error
            }
        }
        guard isFirst else { return try await grant() }
        do {
            let grant = try await limiter.turn(of: ticket).grant
            let isKept = stage.withLock { stage in
                if case .over = stage { return false }
                stage = .granted(grant)
                return true
            }
            if isKept { return grant }
            limiter.giveBack(grant)
            throw CancellationError()
        } catch {
            stage.withLock { $0 = .over(error) }
            throw error
        }
    }

    /// Leaves the place, or returns the tokens if its turn has come; a second time changes nothing.
    ///
    /// Only for a call that was not made. Constant or logarithmic time.
    public func giveBack() {
        let stage = stage.withLock { stage in
            let old = stage
            stage = .over(CancellationError())
            return old
        }
        switch stage {
        case .inLine: limiter.abandon(ticket)
        case .awaited: limiter.leave(ticket)
        case .come(let grant), .granted(let grant): limiter.giveBack(grant)
        case .over: break
        }
    }
}

extension RateLimiter {
    /// Takes a place in line without waiting: its turn comes as if somebody stood there.
    ///
    /// An instant is granted before the deadline, never at it.
    ///
    /// - Throws: `RateLimitError` as `acquire(_:lane:scopes:deadline:)` at the door.
    public func reserve(
        _ charge: Charge, lane: Lane, scopes: [String] = [], deadline: MonotonicInstant? = nil
    ) throws(RateLimitError) -> Reservation {
        let (ticket, admission) = enqueue(charge, lane: lane, scopes: scopes, deadline: deadline)
        switch admission {
        case .granted(let grant): return Reservation(self, ticket: ticket, granted: grant)
        case .refused(let error): throw error
        case .waiting: return Reservation(self, ticket: ticket, granted: nil)
        }
    }

    /// Lets go whoever can go by now.
    func lookForTurns() {
        perform { state, now in state.core.advance(to: now) }
    }

    /// What became of one for whom no task waits; nil while it is in line.
    ///
    /// Tells nobody anything, so that it may be asked inside a lock.
    func claim(_ ticket: UInt64) -> Result<Grant, any Error>? {
        state.withLock { $0.suspensions.claim(ticket) }?.map(\.grant)
    }

    /// Gives up a place for which no task waits, or what came of it.
    func abandon(_ ticket: UInt64) {
        let wasInLine = perform { state, now in
            guard state.core.cancel(ticket, now: now) else { return false }
            state.suspensions.drop(ticket)
            return true
        }
        if wasInLine { return }
        if case .success(let turn) = state.withLock({ $0.suspensions.claim(ticket) }) { giveBack(turn.grant) }
    }

    /// How long until the turn of one who is in line; zero where it has come, nil where there is no place.
    func waitTime(of ticket: UInt64) -> Duration? {
        state.withLock { state in
            state.endLease()
            if case .success = state.suspensions.ending(of: ticket) { return .zero }
            return state.core.waitTime(of: ticket, now: now)
        }
    }
}
