public import SeawallTime

extension VenueProfile {
    /// What a refusal of a call for the reason means here, or nil for a reason that neither the library nor the profile
    /// knows.
    public func meaning(of reason: RefusalReason, to operation: BrokerOperation) -> ErrorRule.Meaning? {
        let wording = operationWordings[operation]?[reason] ?? wordings[reason]
        return wording?.meaning ?? reason.meaning
    }

    /// The words in which the venue refuses a call for a reason.
    ///
    /// Where the profile has none they are plain: the reason as code and message, and a status by what it means (429,
    /// 418, 401, 409, 503, 500, else 400). The error table of such a profile need not know them, and then an order that
    /// was refused so is unknown.
    public func wording(of reason: RefusalReason, to operation: BrokerOperation) -> Wording {
        operationWordings[operation]?[reason] ?? wordings[reason] ?? plainWording(of: reason)
    }

    /// The error that an adapter makes of the venue's refusal.
    ///
    /// - Parameters:
    ///   - reason: Why the venue refuses.
    ///   - operation: What was asked.
    ///   - end: When the limit or ban is over, on the venue's clock; nil where there is none.
    ///   - now: The venue's time at the answer.
    public func error(
        _ reason: RefusalReason, to operation: BrokerOperation, until end: CivilInstant? = nil, now: CivilInstant
    ) -> BrokerError {
        wording(of: reason, to: operation).error(until: end, now: now)
    }

    private func plainWording(of reason: RefusalReason) -> Wording {
        let (status, form): (Int, RetryAfterForm) =
            switch reason.meaning {
            case .rateLimited: (429, .seconds)
            case .banned: (418, .seconds)
            case .authentication, .sessionExpired: (401, .none)
            case .partial: (409, .none)
            case .overloaded, .venueMode: (503, .none)
            case .ambiguous: (500, .none)
            case .rejected, .reduceCapacity, .noSuchOrder, .duplicate, .clockSkew, nil: (400, .none)
            }
        return Wording(
            status: status, code: reason.rawValue, message: reason.rawValue,
            body: #"{"code":"{code}","message":"{message}"}"#, retryAfter: form)
    }
}
