public import SeawallTime

/// One kind of call, understood once: asking for leave to make it costs little more than reading the clock.
///
/// It asks the same limiter by the same rules as `RateLimiter.tryAcquire(_:lane:scopes:)`, and answers alike. Where the
/// buckets count in slots (capacities above 1,024), and nothing else happens to the limiter between, calls are answered from
/// what was granted beforehand within one slot, without the lock; what nobody came for goes back before anything else is
/// decided. A refusal stands without the lock until its instant, as long as nothing else happens to the limiter.
public final class PreparedCall: Sendable {
    /// Which clock is read.
    public enum Clock: String, Hashable, Sendable, Codable, CaseIterable {
        /// The time source's present instant.
        case precise

        /// The time source's coarse reading where that suffices: much cheaper on Linux.
        ///
        /// No bound is weaker for it: what could not be told apart by it is asked of the precise clock. Only a refusal may
        /// stand some milliseconds longer, and a machine that was asleep must not use it within a second of waking.
        case coarse
    }

    /// Leave to make one call now: the tokens of its charge are taken.
    ///
    /// As `Grant`, without what all grants of a prepared call share.
    public struct Permit: Hashable, Sendable {
        /// The instant at which the tokens were taken.
        public let instant: MonotonicInstant

        let id: UInt64
        let marks: Marks
    }

    /// The answer to a prepared call.
    public enum Decision: Sendable {
        /// The tokens are taken: go.
        case granted(Permit)

        /// Nothing was taken.
        case refused(Refusal)

        /// The permit, or nil where it was refused.
        public var permit: Permit? {
            if case .granted(let permit) = self { permit } else { nil }
        }

        /// The refusal, or nil where it was granted.
        public var refusal: Refusal? {
            if case .refused(let refusal) = self { refusal } else { nil }
        }
    }

    /// How far the coarse clock may be behind: a tick of the slowest kernels.
    private static let coarseLag: Int64 = 10_000_000

    /// What the call costs.
    public let charge: Charge

    /// The lane that it asks in.
    public let lane: Lane

    /// What it touches beside the scopes of its buckets.
    public let scopes: [String]

    private let limiter: RateLimiter
    private let board: LeaseBoard
    private let place: Int
    private let readsCoarsely: Bool
    private let first: UnderstoodCall
    private let bucketNames: [String]

    init(
        _ charge: Charge, lane: Lane, scopes: [String], clock: Clock, of limiter: RateLimiter
    ) throws(RateLimitError) {
        self.charge = charge
        self.lane = lane
        self.scopes = scopes
        self.limiter = limiter
        readsCoarsely = clock == .coarse
        let asked = RateLimiterCore.Call(charge: charge, lane: lane, scopes: scopes)
        let lag = readsCoarsely ? Self.coarseLag : 0
        let prepared: Result<(Int, LeaseBoard, UnderstoodCall, [String]), RateLimitError> = limiter.perform {
            state, now in
            state.core.prepare(asked, now: now).flatMap { call in
                if call.tolls.count > Marks.most {
                    return .failure(RateLimitError(code: .tooManyBuckets))
                }
                let board = LeaseBoard(call, lag: lag)
                let place = state.prepared.add(
                    PreparedCalls.Entry(
                        board: board, call: call, understanding: state.core.understandings))
                let names = call.tolls.map { state.core.buckets[$0.bucket].configuration.name }
                return .success((place, board, call, names))
            }
        }
        (place, board, first, bucketNames) = try prepared.get()
    }

    deinit {
        limiter.perform { [place] state, _ in state.forget(place) }
    }

    /// Takes the tokens of the call if it may go now, and says when it may if not; never waits, and allocates nothing.
    public func tryAcquire() -> Decision {
        board.isBlank
            ? limiter.ask(place, at: nil) : ask(at: readsCoarsely ? limiter.coarseNow : limiter.now, given: nil)
    }

    /// The same with an instant that the caller has read, for one who reads the clock anyway.
    ///
    /// An instant before the latest that the limiter has seen counts as that one. One that is ahead of the clock gives back
    /// what time has not given back yet: hand in readings of the limiter's own time source only.
    public func tryAcquire(at instant: MonotonicInstant) -> Decision { ask(at: instant, given: instant) }

    @inline(__always)
    private func ask(at instant: MonotonicInstant, given: MonotonicInstant?) -> Decision {
        switch board.ask(at: instant.nanoseconds) {
        case .granted(let permit): .granted(permit)
        case .refused(let obstacle, let until): .refused(refusal(by: obstacle, until: until))
        case .unknown: limiter.ask(place, at: given)
        }
    }

    /// Returns the tokens of a call that was not made; as `RateLimiter.giveBack(_:)`.
    public func giveBack(_ permit: Permit) { limiter.giveBack(grant(of: permit)) }

    /// Says that the call has really ended; as `RateLimiter.settle(_:)`.
    public func settle(_ permit: Permit) { limiter.settle(grant(of: permit)) }

    /// The permit as a grant, for everything else that a limiter is told of calls.
    ///
    /// Only for a permit of this very call.
    public func grant(of permit: Permit) -> Grant {
        let call = limiter.state.withLock { [place] in $0.prepared[place]?.call }
        return Grant(instant: permit.instant, id: permit.id, call: call ?? first, marks: permit.marks)
    }

    private func refusal(by obstacle: Int, until: Int64) -> Refusal {
        Refusal(
            code: .noTokens, subject: obstacle < bucketNames.count ? bucketNames[obstacle] : "",
            until: MonotonicInstant(nanoseconds: until))
    }
}

extension RateLimiter {
    /// Understands a call once, for who makes it often.
    ///
    /// - Parameters:
    ///   - charge: What it costs.
    ///   - lane: The lane that it asks in.
    ///   - scopes: What it touches beside the scopes of its buckets.
    ///   - clock: Which clock it reads, the precise one by default.
    /// - Throws: `RateLimitError` with `weightOverBurst`, `cannotBeLeft`, `unknownBucket`, `unknownLane`,
    ///   `invalidWeight`, `tooManyKeys`, `shutDown`, or `tooManyBuckets` for a charge of more than four.
    public func prepare(
        _ charge: Charge, lane: Lane, scopes: [String] = [], clock: PreparedCall.Clock = .precise
    ) throws(RateLimitError) -> PreparedCall {
        try PreparedCall(charge, lane: lane, scopes: scopes, clock: clock, of: self)
    }
}
