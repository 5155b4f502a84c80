extension Kraken {
    /// From the particular to the general; the first that fits decides.
    ///
    /// The code is the error's own text, `EOrder:Insufficient funds`. Some texts go on after it
    /// (`EGeneral:Invalid arguments:volume`), and those are looked for in the body.
    static let errors: [ErrorRule] = limitsAndBans + unproven + orders + requests + statuses

    private static let limitsAndBans = [
        ErrorRule(code: "EGeneral:Temporary lockout", meaning: .banned, scope: .ip),
        ErrorRule(code: "EOrder:Rate limit exceeded", meaning: .rateLimited, scope: .symbol),
        ErrorRule(code: "EOrder:Domain rate limit exceeded", meaning: .rateLimited, scope: .ip),
        ErrorRule(
            code: "EAPI:Rate limit exceeded", operations: publicOperations, meaning: .rateLimited, scope: .ip),
        ErrorRule(code: "EAPI:Rate limit exceeded", meaning: .rateLimited, scope: callScope),
        ErrorRule(code: "EAuth:Rate limit exceeded", meaning: .rateLimited, scope: .ip),
        ErrorRule(code: "EAuth:Too many requests", meaning: .rateLimited, scope: .ip),
        ErrorRule(code: "EGeneral:Too many requests", meaning: .rateLimited, scope: .ip),
        ErrorRule(contains: "\"EService:Throttled", meaning: .rateLimited, scope: .ip),
        ErrorRule(contains: "\"EService: Throttled", meaning: .rateLimited, scope: .ip),
        ErrorRule(status: 429, meaning: .rateLimited, scope: .ip),
    ]

    private static let publicOperations: Set<BrokerOperation> = [.ticker, .candles, .depth, .rules, .status, .time]

    /// What may have been done: an internal error, a busy service, and a client id that is refused, perhaps because an
    /// order of it is open.
    private static let unproven = [
        ErrorRule(contains: "\"EGeneral:Internal error", meaning: .ambiguous),
        ErrorRule(code: "EGeneral:Internal error", meaning: .ambiguous),
        ErrorRule(code: "EService:Busy", meaning: .ambiguous),
        ErrorRule(code: "EService:Timeout", meaning: .ambiguous),
        ErrorRule(code: "EGeneral:Invalid arguments:cl_ord_id", operations: [.place], meaning: .ambiguous),
    ]

    private static let orders: [ErrorRule] =
        rules(.noSuchOrder, ["EOrder:Unknown order"])
        + rules(.reduceCapacity, ["EOrder:Reduce only:No position exists", "EOrder:Reduce only:Position is closed"])
        + rules(
            .rejected,
            [
                "EOrder:Cannot open opposing position", "EOrder:Cannot open position",
                "EOrder:Margin allowance exceeded", "EOrder:Margin level too low",
                "EOrder:Margin position size exceeded", "EOrder:Insufficient margin", "EOrder:Insufficient funds",
                "EOrder:Order minimum not met", "EOrder:Cost minimum not met", "EOrder:Tick size check failed",
                "EOrder:Orders limit exceeded", "EOrder:Invalid price", "EOrder:Positions limit exceeded",
                "EOrder:Reduce only:Non-PC", "EOrder:Scheduled orders limit exceeded", "EOrder:Unknown position",
                "EOrder:Post only order", "ETrade:Invalid request", "EBM:limit exceeded:CAL",
            ])

    private static let requests: [ErrorRule] =
        rules(.clockSkew, ["EAPI:Invalid nonce", "EService:Deadline elapsed"])
        + rules(
            .venueMode,
            [
                "EService:Unavailable", "EService:Market in cancel_only mode", "EService:Market in post_only mode",
                "EService:Market in limit_only mode",
            ])
        + rules(
            .authentication,
            [
                "EAPI:Invalid key", "EAPI:Invalid signature", "EGeneral:Permission denied",
                "EAccount:Invalid permissions", "EAuth:Account temporary disabled", "EAuth:Account unconfirmed",
            ])
        + rules(.sessionExpired, ["ESession:Invalid session"])
        + rules(.rejected, ["EQuery:Unknown asset pair", "EQuery:Unknown asset", "EGeneral:Unknown method"])
        + [
            ErrorRule(code: "EGeneral:Invalid arguments", meaning: .rejected),
            ErrorRule(contains: "\"EGeneral:Invalid arguments", meaning: .rejected),
        ]

    /// What stands in front of the venue: it says no without a word of the venue's.
    private static let statuses = [
        ErrorRule(status: 401, meaning: .authentication),
        ErrorRule(status: 403, meaning: .banned, scope: .ip),
    ]

    private static func rules(_ meaning: ErrorRule.Meaning, _ codes: [String]) -> [ErrorRule] {
        codes.map { ErrorRule(code: $0, meaning: meaning) }
    }
}
