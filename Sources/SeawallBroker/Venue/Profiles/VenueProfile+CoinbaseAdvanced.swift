extension VenueProfile {
    /// Coinbase Advanced Trade (spot), as its public documentation describes it; `coinbase-advanced`.
    ///
    /// Sources, of docs.cdp.coinbase.com, "Advanced Trade API": "Create Order" (an id that is not unique creates nothing,
    /// and the order of that id is returned; refusals come with status 200 and `success: false`), "Cancel Orders" (by the
    /// venue's ids alone, 100 at most, with a result for each), "Edit Order" and "Edit Order Preview", "Get Order" (by the
    /// venue's id), "REST API Rate Limits" (30 a second for a user's private calls, 10 a second for an address's public
    /// ones), "API Key Authentication" (a token is good for two minutes), "WebSocket Channels" (a heartbeat every second,
    /// numbers without gaps for each connection). The table has the failure reasons of orders, edits and cancels.
    ///
    /// An adapter hands on as code the first of `new_order_failure_reason`, `error` and `preview_failure_reason` that says
    /// something, or `edit_failure_reason`, or a cancel's `failure_reason`; of other errors their `error`. It cancels one
    /// order with a batch of one, and answers with the order as it then stands.
    ///
    /// Not documented, and chosen with care: the length of client ids (36, a UUID), how long a new order may stay invisible
    /// (10 s), the shape of the limits (any second), how long a limit lasts (a minute), an expired token (told as any wrong
    /// key is), maintenance (a gateway's 503, which proves nothing).
    public static let coinbaseAdvanced = VenueProfile(
        name: "coinbase-advanced",
        identity: .returnsOriginal,
        clientIDLength: 36,
        errors: CoinbaseAdvanced.errors,
        limits: CoinbaseAdvanced.limits,
        costs: CoinbaseAdvanced.costs,
        visibilityLag: .seconds(10),
        receiveWindow: .seconds(120),
        capabilities: [
            .manyTickers, .candles, .depth, .rules, .history, .preview, .previewAmend, .amend, .cancelMany,
            .quoteQuantity, .fees, .permissions, .serverTime, .marketStream, .userStream,
        ],
        defaultBan: .seconds(900),
        defaultRetryAfter: .seconds(60),
        heartbeat: .seconds(1),
        pageSize: 250,
        wordings: CoinbaseAdvanced.wordings,
        operationWordings: CoinbaseAdvanced.operationWordings,
        sequence: .contiguous,
        modes: [.online, .postOnly, .cancelOnly, .maintenance],
        clockLead: .seconds(1),
        cancelBatchSize: 100)
}

/// The tables of the profile of Coinbase Advanced Trade.
enum CoinbaseAdvanced {
    static let privateCalls = "private_1s"
    static let publicCalls = "public_1s"

    static let limits = [
        LimitRule(
            name: privateCalls, scope: .account, counts: .weight, shape: .rolling, limit: 30, window: .seconds(1)),
        LimitRule(name: publicCalls, scope: .ip, counts: .weight, shape: .rolling, limit: 10, window: .seconds(1)),
    ]

    static let costs: [BrokerOperation: [String: Int]] = [
        .place: [privateCalls: 1],
        .amend: [privateCalls: 1],
        .cancel: [privateCalls: 1],
        .cancelMany: [privateCalls: 1],
        .query: [privateCalls: 1],
        .openOrders: [privateCalls: 1],
        .history: [privateCalls: 1],
        .fills: [privateCalls: 1],
        .balances: [privateCalls: 1],
        .positions: [privateCalls: 1],
        .preview: [privateCalls: 1],
        .fees: [privateCalls: 1],
        .permissions: [privateCalls: 1],
        .ticker: [publicCalls: 1],
        .candles: [publicCalls: 1],
        .depth: [publicCalls: 1],
        .rules: [publicCalls: 1],
        .time: [publicCalls: 1],
    ]

    static let publicOperations: Set<BrokerOperation> = [.ticker, .candles, .depth, .rules, .time, .marketStream]
}
