internal import SeawallBroker

/// What a fault does to a call, or to fills on their way.
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

    /// The word that records and reports use.
    public var name: String { kind.rawValue }

    /// Which part of the broker an effect works on.
    enum Site {
        case call
        case fills
    }

    var site: Site {
        switch self {
        case .lateFills, .duplicateFills: .fills
        case .lostBefore, .lostAfter, .delay, .rateLimited, .banned, .outage, .emptyOrders, .error, .answer: .call
        }
    }

    /// The operations that the effect can strike; nil for all.
    var strikable: Set<BrokerOperation>? {
        switch self {
        case .lateFills, .duplicateFills: [.fills, .userStream]
        case .emptyOrders: [.openOrders, .history]
        case .lostBefore, .lostAfter, .delay, .rateLimited, .banned, .outage, .error, .answer: nil
        }
    }

    /// True where the effect has something to give a call with such an answer.
    func fits<Answer>(_ type: Answer.Type) -> Bool {
        switch self {
        case .emptyOrders: emptyAnswer(type) != nil
        case .answer(let answer): answer.value(as: type) != nil
        case .lostBefore, .lostAfter, .delay, .rateLimited, .banned, .outage, .lateFills, .duplicateFills, .error: true
        }
    }
}
