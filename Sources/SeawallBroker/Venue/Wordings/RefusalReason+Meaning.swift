extension RefusalReason {
    /// Every reason that the library knows, in order of names.
    public static let all: [RefusalReason] = meanings.keys.sorted()

    /// What the reason means unless a wording says otherwise, or nil for a reason of a profile's own.
    public var meaning: ErrorRule.Meaning? { Self.meanings[self] }

    /// The kinds of call that a venue may refuse for this reason.
    public var operations: Set<BrokerOperation> {
        switch self {
        case .badCursor: [.openOrders, .history, .fills]
        case .duplicate: [.place]
        case .badClientID: [.place, .preview]
        case .badExpiry, .badPrecision, .badPrice, .priceOutOfRange, .quantityTooLow, .quantityTooHigh,
            .belowMinimumNotional, .insufficientFunds, .wouldTrigger, .wouldTake, .reduceOnly, .tooManyOpen,
            .cancelOnly, .postOnly, .orderRateLimited:
            [.place, .amend, .preview]
        case .cancelUnknown: [.cancel, .cancelMany]
        case .noSuchOrder: [.query, .amend, .preview]
        case .nothingToAmend, .halfReplaced: [.amend]
        default: Set(BrokerOperation.allCases)
        }
    }

    private static let meanings: [RefusalReason: ErrorRule.Meaning] = [
        unknownSymbol: .rejected,
        badParameter: .rejected,
        badCursor: .rejected,
        badExpiry: .rejected,
        badPrecision: .rejected,
        badPrice: .rejected,
        priceOutOfRange: .rejected,
        quantityTooLow: .rejected,
        quantityTooHigh: .rejected,
        badClientID: .rejected,
        belowMinimumNotional: .rejected,
        insufficientFunds: .rejected,
        wouldTrigger: .rejected,
        wouldTake: .rejected,
        tooManyOpen: .rejected,
        nothingToAmend: .rejected,
        refused: .rejected,
        duplicate: .duplicate,
        reduceOnly: .reduceCapacity,
        cancelUnknown: .noSuchOrder,
        noSuchOrder: .noSuchOrder,
        halfReplaced: .partial,
        staleRequest: .clockSkew,
        earlyRequest: .clockSkew,
        rateLimited: .rateLimited,
        orderRateLimited: .rateLimited,
        banned: .banned,
        symbolHalted: .venueMode,
        maintenance: .venueMode,
        cancelOnly: .venueMode,
        postOnly: .venueMode,
        authentication: .authentication,
        sessionExpired: .sessionExpired,
        overloaded: .overloaded,
        unknownServerError: .ambiguous,
    ]
}
