public import SeawallBroker

/// What a fault does: to a call, to fills on their way, or to the world around.
public enum FaultEffect: Hashable, Sendable {
    /// The request is lost before the venue applied it.
    case lostBefore(FaultLoss)
    /// The venue applies the request, and its reply is lost.
    case lostAfter(FaultLoss)
    /// The request waits, then goes to the venue.
    case delay(Duration)
    /// Answered with 429 and this Retry-After, as it stands; the venue sees nothing of it.
    case rateLimited(retryAfter: String?)
    /// Answered with 418 and this Retry-After, as it stands; the venue sees nothing of it.
    case banned(retryAfter: String?)
    /// From the first strike on, every matching call fails until the time is over.
    case outage(for: Duration, as: FaultOutage)
    /// Fills on the user stream and in answers to `fills(since:)` come so much later.
    case lateFills(by: Duration)
    /// Fills on the user stream and in answers to `fills(since:)` come twice.
    case duplicateFills
    /// The venue is asked, and an empty list is returned whatever it lists.
    case emptyOrders
    /// An error is thrown; the venue sees nothing of the call.
    case error(FaultError)
    /// An answer is returned; the venue sees nothing of the call.
    case answer(FaultAnswer)

    /// The machine's civil clock is moved by so much, forward or back.
    case clockStep(Duration)
    /// The machine sleeps for so long.
    case machineSleep(Duration)
    /// The process ends: before the call is sent, or after the venue is done with it.
    case crash(FaultMoment)
    /// The machine's disk fails for a time.
    case diskFailure(DiskFailure, for: Duration)
    /// The venue takes only what the mode says, for a time.
    case venueMode(VenueStatus.Mode, for: Duration)
    /// The venue refuses the key, for a time.
    case authenticationExpiry(for: Duration)
    /// Another process spends so many thousandths of every limit, again and again, for a time.
    case secondProcess(perMille: Int, for: Duration)
    /// The venue fills so many thousandths of what is left of the call's order; the reply is held, so that the news of
    /// the fill can overtake it.
    case fill(perMille: Int, at: FaultMoment, hold: Duration)

    /// The word that records and reports use.
    public var name: String { kind.rawValue }

    /// Which part of the broker the effect works on.
    public var site: FaultSite {
        switch self {
        case .lateFills, .duplicateFills: .fills
        case .lostBefore, .lostAfter, .delay, .rateLimited, .banned, .outage, .emptyOrders, .error, .answer: .call
        case .clockStep, .machineSleep, .crash, .diskFailure, .venueMode, .authenticationExpiry, .secondProcess, .fill:
            .world
        }
    }

    /// The operations that the effect can strike; nil for all.
    public var strikable: Set<BrokerOperation>? {
        switch self {
        case .lateFills, .duplicateFills: [.fills, .userStream]
        case .emptyOrders: [.openOrders, .history]
        // An order that is still to be placed cannot be filled.
        case .fill(_, .before, _): [.cancel, .amend, .query]
        case .fill(_, .after, _): [.place, .amend, .query]
        case .lostBefore, .lostAfter, .delay, .rateLimited, .banned, .outage, .error, .answer, .clockStep,
            .machineSleep, .crash, .diskFailure, .venueMode, .authenticationExpiry, .secondProcess:
            nil
        }
    }

    /// True where the effect has something to give a call with such an answer.
    func fits<Answer>(_ type: Answer.Type) -> Bool {
        switch self {
        case .emptyOrders: emptyAnswer(type) != nil
        case .answer(let answer): answer.value(as: type) != nil
        case .lostBefore, .lostAfter, .delay, .rateLimited, .banned, .outage, .lateFills, .duplicateFills, .error,
            .clockStep, .machineSleep, .crash, .diskFailure, .venueMode, .authenticationExpiry, .secondProcess, .fill:
            true
        }
    }
}
