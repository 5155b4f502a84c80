internal import SeawallBroker

/// Why an order or an amend was not let out here.
enum BlockedReason: String, CaseIterable, Sendable {
    case paused, opens, flat
    case positionUnknown = "position_unknown"
    case exceedsCapacity = "exceeds_capacity"
    case quoteQuantity = "quote_quantity"
    case invalidQuantity = "invalid_quantity"
    case otherAccount = "other_account"
    case duplicateID = "duplicate_id"
    case unknownOrder = "unknown_order"
    case expired, late
    case rateLimit = "rate_limit"
    case cancelBudget = "cancel_budget"
    case breakerOpen = "breaker_open"
    case openOrdersLimit = "open_orders_limit"
    case withdrawn
    case orderEnded = "order_ended"
    case orderNotSent = "order_not_sent"
    case orderIDUnknown = "order_id_unknown"
    case amendInFlight = "amend_in_flight"
    case alreadyFilled = "already_filled"
    case orderNotSeen = "order_not_seen"
    case other

    /// Nil for an error that does not say that this library held something back.
    init?(_ error: any Error) {
        guard let error = error as? GuardError, error.code == .denied || error.code == .notSent else { return nil }
        guard let first = error.reasons.first else {
            self = error.code == .notSent ? .withdrawn : .other
            return
        }
        if first == Outcome.notSent.name { return nil }
        self = first.hasPrefix("limit_") ? .rateLimit : BlockedReason(rawValue: first) ?? .other
    }
}
