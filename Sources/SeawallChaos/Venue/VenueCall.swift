internal import SeawallBroker
internal import SeawallTime

/// One request on its way through a simulated venue: what the edge sees of it, and what the engine does for it.
struct VenueCall<Answer: Sendable>: Sendable {
    let operation: BrokerOperation
    /// What record and events say of it.
    let summary: VenueEvent
    /// The order to place, where there is one, so that its refusal at the edge is recorded as an order's.
    let order: OrderRequest?
    /// The record's name of it.
    let name: String?
    /// When the client handed it over, by a clock that nobody steps.
    let sentAt: MonotonicInstant
    /// The time that the client signed it with, by its machine's clock; nil for what needs no key.
    let signedAt: CivilInstant?
    /// The orders that it changes.
    let targets: [OrderTarget]
    let work: @Sendable (inout VenueState) throws(Refusal) -> Answer
}

/// What became of a request at the venue's door.
enum VenueArrival: Sendable {
    case refused(BrokerError, headers: [String: String])
    case queued(until: MonotonicInstant, arrivedAt: MonotonicInstant, headers: [String: String])

    var headers: [String: String] {
        switch self {
        case .refused(_, let headers), .queued(_, _, let headers): headers
        }
    }
}
