public import SeawallTime

/// What a call to a venue came to, judged from operation, error, delivery and the venue's profile together.
///
/// What is not proven is `ambiguous`: for an order that means unknown, never failed.
public enum Outcome: Hashable, Sendable {
    /// The venue did what was asked.
    case succeeded
    /// Proven: no byte left. Sending again is safe.
    case notSent
    /// The venue may or may not have done it.
    case ambiguous
    /// Proven not done: the venue was too busy.
    case overloaded
    /// Proven not done, and nothing may be sent in the scope before `until`.
    case rateLimited(until: MonotonicInstant, scope: LimitScope)
    /// Shut out: nothing at all may be sent in the scope before `until`.
    case banned(until: MonotonicInstant, scope: LimitScope)
    /// Proven not done and never will be: the venue refuses the request for what it says.
    case rejected(reason: String)
    /// Refused because there is nothing left to reduce.
    case reduceCapacity
    /// The venue knows no such order, which alone proves neither fill nor cancel.
    case noSuchOrder
    /// An order of this client id exists already, which proves that it exists.
    case duplicate
    /// Done for some and not for others.
    case partial
    /// Refused because the clocks differ too much.
    case clockSkew
    /// Refused because of the mode that the venue is in.
    case venueMode(reason: String)
    /// Refused for who we are; trying again makes it worse.
    case authentication
    /// Refused because a session or key for the stream is over.
    case sessionExpired
    /// The caller went away.
    case callerCancelled

    /// The word that records and metrics use.
    public var name: String {
        switch self {
        case .succeeded: "succeeded"
        case .notSent: "not_sent"
        case .ambiguous: "ambiguous"
        case .overloaded: "overloaded"
        case .rateLimited: "rate_limited"
        case .banned: "banned"
        case .rejected: "rejected"
        case .reduceCapacity: "reduce_capacity"
        case .noSuchOrder: "no_such_order"
        case .duplicate: "duplicate"
        case .partial: "partial"
        case .clockSkew: "clock_skew"
        case .venueMode: "venue_mode"
        case .authentication: "authentication"
        case .sessionExpired: "session_expired"
        case .callerCancelled: "caller_cancelled"
        }
    }
}
