internal import SeawallBroker
internal import SeawallTime

/// The exchange's "no": why, and until when where a limit or a ban is behind it; the profile has the words.
struct Refusal: Error, Hashable, Sendable {
    /// Set where a limit or a ban is behind it.
    struct Limit: Hashable, Sendable {
        var scope: LimitScope
        var until: MonotonicInstant
        var isBan: Bool
    }

    var reason: RefusalReason
    var limit: Limit?

    init(_ reason: RefusalReason, limit: Limit? = nil) {
        self.reason = reason
        self.limit = limit
    }

    static let unknownSymbol = Refusal(.unknownSymbol)
    static let symbolHalted = Refusal(.symbolHalted)
    static let staleRequest = Refusal(.staleRequest)
    static let earlyRequest = Refusal(.earlyRequest)
    static let badParameter = Refusal(.badParameter)
    static let badCursor = Refusal(.badCursor)
    static let badExpiry = Refusal(.badExpiry)
    static let badPrecision = Refusal(.badPrecision)
    static let badPrice = Refusal(.badPrice)
    static let priceOutOfRange = Refusal(.priceOutOfRange)
    static let quantityTooLow = Refusal(.quantityTooLow)
    static let quantityTooHigh = Refusal(.quantityTooHigh)
    static let badClientID = Refusal(.badClientID)
    static let duplicate = Refusal(.duplicate)
    static let belowMinimumNotional = Refusal(.belowMinimumNotional)
    static let insufficientFunds = Refusal(.insufficientFunds)
    static let wouldTrigger = Refusal(.wouldTrigger)
    static let wouldTake = Refusal(.wouldTake)
    static let reduceOnly = Refusal(.reduceOnly)
    static let tooManyOpen = Refusal(.tooManyOpen)
    static let cancelUnknown = Refusal(.cancelUnknown)
    static let noSuchOrder = Refusal(.noSuchOrder)
    static let nothingToAmend = Refusal(.nothingToAmend)
    static let halfReplaced = Refusal(.halfReplaced)
    static let maintenance = Refusal(.maintenance)
    static let cancelOnly = Refusal(.cancelOnly)
    static let postOnly = Refusal(.postOnly)
    static let authentication = Refusal(.authentication)
    static let sessionExpired = Refusal(.sessionExpired)
}

extension Exchange {
    /// What an adapter makes of a refusal: the venue's words, and the end of a limit in the venue's form.
    func error(of refusal: Refusal, to operation: BrokerOperation) -> BrokerError {
        profile.error(
            refusal.reason, to: operation, until: refusal.limit.map { civil($0.until) }, now: civil(clock))
    }

    /// The venue's code and words on one line, for records.
    func words(of refusal: Refusal, to operation: BrokerOperation) -> String {
        let error = error(of: refusal, to: operation)
        return [error.venueCode, error.message].compactMap { $0 }.joined(separator: " ")
    }
}
