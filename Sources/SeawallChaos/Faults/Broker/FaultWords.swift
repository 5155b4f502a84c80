internal import SeawallBroker
internal import SeawallTime

/// The words in which faults say no: the venue's own where its profile is known.
struct FaultWords: Sendable {
    let profile: VenueProfile?

    func rateLimited(_ retryAfter: FaultRetryAfter, now: CivilInstant) -> BrokerError {
        limit("too many requests", 429, retryAfter, now)
    }

    func banned(_ retryAfter: FaultRetryAfter, now: CivilInstant) -> BrokerError {
        limit("banned for sending after being told to stop", 418, retryAfter, now)
    }

    /// 200 with an error inside; where something may have been done, the words prove nothing.
    func errorInside(mayBeDone: Bool, now: CivilInstant) -> BrokerError {
        let body = mayBeDone ? "internal error" : "refused"
        return BrokerError(
            code: .answered, message: body, delivery: .answered, status: 200,
            body: "{\"success\":false,\"error\":\"\(body)\"}")
    }

    func noSuchOrder(now: CivilInstant) -> BrokerError {
        BrokerError(
            code: .answered, message: "Order does not exist.", delivery: .answered, status: 400, venueCode: "-2013",
            body: "{\"code\":-2013,\"msg\":\"Order does not exist.\"}")
    }

    func halfReplaced(now: CivilInstant) -> BrokerError {
        BrokerError(
            code: .answered, message: "the order is cancelled, and the new one was not placed", delivery: .answered,
            status: 409)
    }

    func overloaded(now: CivilInstant) -> BrokerError {
        BrokerError(
            code: .answered, message: "overloaded", delivery: .answered, status: 503, venueCode: "-1008",
            body: "{\"code\":-1008,\"msg\":\"overloaded\"}")
    }

    private func limit(
        _ message: String, _ status: Int, _ retryAfter: FaultRetryAfter, _ now: CivilInstant
    ) -> BrokerError {
        BrokerError(
            code: .answered, message: message, delivery: .answered, status: status,
            retryAfter: retryAfter.text(civilNow: now))
    }
}
