extension Kraken {
    /// The texts of the page "Error messages".
    static let wordings: [RefusalReason: Wording] = orders.merging(requests) { $1 }

    private static let requests: [RefusalReason: Wording] = [
        .unknownSymbol: refusal("EQuery:Unknown asset pair"),
        .symbolHalted: refusal("EService:Market in cancel_only mode"),
        .staleRequest: refusal("EService:Deadline elapsed"),
        .earlyRequest: refusal("EAPI:Invalid nonce"),
        .badParameter: refusal("EGeneral:Invalid arguments"),
        .badCursor: refusal("EGeneral:Invalid arguments:ofs"),
        .refused: refusal("ETrade:Invalid request"),
        .rateLimited: refusal("EAPI:Rate limit exceeded"),
        .orderRateLimited: refusal("EOrder:Rate limit exceeded"),
        .banned: refusal("EGeneral:Temporary lockout"),
        .maintenance: refusal("EService:Unavailable"),
        .cancelOnly: refusal("EService:Market in cancel_only mode"),
        .postOnly: refusal("EService:Market in post_only mode"),
        .authentication: refusal("EAPI:Invalid key"),
        .sessionExpired: refusal("ESession:Invalid session"),
        .overloaded: refusal("EService:Busy", meaning: .ambiguous),
        .unknownServerError: refusal("EGeneral:Internal error"),
    ]

    private static let orders: [RefusalReason: Wording] = [
        .badExpiry: refusal("EGeneral:Invalid arguments:expiretm"),
        .badPrecision: refusal("EGeneral:Invalid arguments:volume"),
        .badPrice: refusal("EOrder:Tick size check failed"),
        .priceOutOfRange: refusal("EOrder:Invalid price"),
        .quantityTooLow: refusal("EOrder:Order minimum not met"),
        .quantityTooHigh: refusal("EGeneral:Invalid arguments:volume"),
        .badClientID: refusal("EGeneral:Invalid arguments:cl_ord_id", meaning: .ambiguous),
        .duplicate: refusal("EGeneral:Invalid arguments:cl_ord_id", meaning: .ambiguous),
        .belowMinimumNotional: refusal("EOrder:Cost minimum not met"),
        .insufficientFunds: refusal("EOrder:Insufficient funds"),
        .wouldTrigger: refusal("EOrder:Invalid price"),
        .wouldTake: refusal("EOrder:Post only order"),
        .reduceOnly: refusal("EOrder:Reduce only:No position exists"),
        .tooManyOpen: refusal("EOrder:Orders limit exceeded"),
        .cancelUnknown: refusal("EOrder:Unknown order"),
        .noSuchOrder: refusal("EOrder:Unknown order"),
        .nothingToAmend: refusal("EGeneral:Invalid arguments"),
    ]

    /// Every refusal comes with status 200, its text in a list.
    private static func refusal(_ text: String, meaning: ErrorRule.Meaning? = nil) -> Wording {
        Wording(status: 200, code: text, message: text, body: #"{"error":["{message}"]}"#, meaning: meaning)
    }
}
