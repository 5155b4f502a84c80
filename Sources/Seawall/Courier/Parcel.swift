internal import SeawallBroker
internal import SeawallCircuitBreaker
internal import SeawallRateLimit
internal import SeawallTime

/// One call that is to be carried to the venue, on which terms, and who is told what on the way.
struct Parcel<Answer: Sendable>: Sendable {
    /// What is asked.
    var call: BrokerCall

    /// The lane of the limiter.
    var lane: Lane

    /// On whose behalf.
    var origin: RequestContext.Origin

    /// The breaker that has to let it through; nil for what passes every breaker.
    var breaker: CircuitBreaker?

    /// The last instant at which it may be handed over; late means dropped, never sent late.
    var sendBy: MonotonicInstant?

    /// How long its answer is waited for.
    var timeout: Duration

    /// What must be left of the venue's limits when this has been sent, by their names.
    var leaving: @Sendable (MonotonicInstant) -> [String: Int] = { _ in [:] }

    /// Makes the call.
    var make: @Sendable (any Broker) async throws -> Answer

    /// Asked in the same synchronous step as the hand-over; an error keeps the parcel here.
    var lastLook: @Sendable (MonotonicInstant) -> GuardError? = { _ in nil }

    /// Told when nobody waits any more, before the caller goes on.
    var onGivenUp: @Sendable () -> Void = {}

    /// Told what came back, in time or late, before the caller goes on.
    var settle: @Sendable (Arrival<Answer>) -> Void = { _ in }

    init(
        _ call: BrokerCall, lane: Lane, origin: RequestContext.Origin = .bot, breaker: CircuitBreaker? = nil,
        sendBy: MonotonicInstant? = nil, timeout: Duration,
        make: @escaping @Sendable (any Broker) async throws -> Answer
    ) {
        self.call = call
        self.lane = lane
        self.origin = origin
        self.breaker = breaker
        self.sendBy = sendBy
        self.timeout = timeout
        self.make = make
    }
}

/// What came back for a parcel, in time or late.
enum Arrival<Answer: Sendable>: Sendable {
    /// The venue answered as asked.
    case answered(Answer)
    /// The venue, or the way to it, failed; the outcome says what that proves.
    case failed(Outcome, any Error)
}

/// What became of a parcel, as its caller is told.
enum Carried<Answer: Sendable>: Sendable {
    /// It came back.
    case arrived(Arrival<Answer>)
    /// Nobody waits for the answer any more, though it may still come.
    case gaveUp
    /// It was never handed over.
    case refused(Turned)
}

/// Why a parcel was never handed over.
enum Turned: Sendable {
    /// The limiter would not let it through in time.
    case limited(RateLimitError)
    /// It would fit, and too little would be left to cancel the book.
    case unaffordable(RateLimitError, leaving: [String: Int])
    /// The breaker is not closed.
    case breaker(CircuitBreaker.Rejection)
    /// Its time to be sent has passed.
    case late
    /// The last look before the hand-over said no.
    case lastLook(GuardError)
    /// The caller went away.
    case callerCancelled
}
