internal import SeawallBroker
internal import SeawallTime

/// The words in which faults say no: the venue's own where its profile is known.
struct FaultWords: Sendable {
    let profile: VenueProfile?

    /// A limit or a ban with exactly this Retry-After, also where the venue itself would send none.
    func limit(
        isBan: Bool, _ retryAfter: FaultRetryAfter, to operation: BrokerOperation, now: CivilInstant
    ) -> BrokerError {
        let end = retryAfter.end(civilNow: now)
        var error =
            isBan
            ? words(of: .banned, to: operation, until: end, now: now)
                ?? plain(418, "banned for sending after being told to stop")
            : words(of: .rateLimited, to: operation, until: end, now: now) ?? plain(429, "too many requests")
        error.retryAfter = retryAfter.text(civilNow: now)
        return error
    }

    /// 200 with an error inside; where something may have been done, the words prove nothing.
    func errorInside(mayBeDone: Bool, to operation: BrokerOperation, now: CivilInstant) -> BrokerError {
        let reason: RefusalReason = mayBeDone ? .unknownServerError : .refused
        let message = mayBeDone ? "internal error" : "refused"
        var error =
            words(of: reason, to: operation, now: now)
            ?? plain(200, message, body: "{\"success\":false,\"error\":\"\(message)\"}")
        error.status = 200
        return error
    }

    /// That there is no order of the name asked for.
    func noSuchOrder(now: CivilInstant) -> BrokerError {
        words(of: .noSuchOrder, to: .query, now: now)
            ?? plain(400, "Order does not exist.", code: "-2013")
    }

    /// That of an amend one half was done; a venue's own words for it are the same for both.
    func halfReplaced(_ half: FaultHalf, now: CivilInstant) -> BrokerError {
        let message =
            switch half {
            case .cancel: "the order is cancelled, and the new one was not placed"
            case .order: "the new order is placed, and the old one was not cancelled"
            }
        return words(of: .halfReplaced, to: .amend, now: now) ?? plain(409, message)
    }

    /// False where amends are known to be made in place, so that there is no half of one.
    var amendsMayReplace: Bool { profile?.amendReplaces ?? true }

    /// That the venue was too busy and did nothing.
    func overloaded(now: CivilInstant) -> BrokerError {
        words(of: .overloaded, to: .cancel, now: now) ?? plain(503, "overloaded", code: "-1008")
    }

    private func words(
        of reason: RefusalReason, to operation: BrokerOperation, until end: CivilInstant? = nil, now: CivilInstant
    ) -> BrokerError? {
        profile?.error(reason, to: operation, until: end, now: now)
    }

    private func plain(_ status: Int, _ message: String, code: String? = nil, body: String? = nil) -> BrokerError {
        BrokerError(
            code: .answered, message: message, delivery: .answered, status: status, venueCode: code, body: body)
    }
}
