extension VenueProfile {
    /// Binance USD-M futures, as its public documentation describes it; `binance-usdm`.
    ///
    /// In one-way mode a position can flip: a sell larger than a long leaves a short, so that only reduce-only orders
    /// are sure not to open. A client order id is unique among open orders alone. Weights and limits are of the pages
    /// "General Info" and of each endpoint, the error table of "Error Code" (January 2026). Not documented, and chosen
    /// wide: how long a new order may stay invisible (5 s), how long a limit or a ban lasts without Retry-After (to the
    /// end of the longest window, a minute; the shortest ban, two minutes).
    public static let binanceUSDM = VenueProfile(
        name: "binance-usdm",
        identity: .uniqueAmongOpen,
        clientIDLength: 36,
        errors: BinanceUSDM.errors,
        limits: BinanceUSDM.limits,
        costs: BinanceUSDM.costs,
        usageHeaders: [
            BinanceUSDM.weight: "X-MBX-USED-WEIGHT-1M",
            BinanceUSDM.orders10s: "X-MBX-ORDER-COUNT-10S",
            BinanceUSDM.orders1m: "X-MBX-ORDER-COUNT-1M",
        ],
        visibilityLag: .seconds(5),
        receiveWindow: .seconds(5),
        capabilities: [
            .manyTickers, .candles, .depth, .rules, .history, .queryByClientID, .cancelByClientID, .amend, .cancelMany,
            .cancelAll, .deadManTimer, .reduceOnly, .fees, .limits, .serverTime, .marketStream, .userStream,
        ],
        defaultBan: .seconds(120),
        defaultRetryAfter: .seconds(60),
        heartbeat: .seconds(180),
        pageSize: 500,
        costsWithoutSymbol: BinanceUSDM.costsWithoutSymbol,
        wordings: BinanceUSDM.wordings,
        sequence: .previousPointer,
        modes: [.online, .cancelOnly, .maintenance],
        deadMan: DeadManRule(
            shortest: .seconds(1), longest: .seconds(86_400), scope: .symbol, cancelsProtection: true),
        clockLead: .seconds(1),
        cancelBatchSize: 10)
}

/// The tables of the profile of Binance USD-M futures.
enum BinanceUSDM {
    static let weight = "request_weight_1m"
    static let orders10s = "orders_10s"
    static let orders1m = "orders_1m"

    static let limits = [
        LimitRule(name: weight, scope: .ip, counts: .weight, shape: .fixed, limit: 2_400, window: .seconds(60)),
        LimitRule(name: orders10s, scope: .account, counts: .order, shape: .fixed, limit: 300, window: .seconds(10)),
        LimitRule(name: orders1m, scope: .account, counts: .order, shape: .fixed, limit: 1_200, window: .seconds(60)),
    ]

    static let costs: [BrokerOperation: [String: Int]] = [
        .place: [orders10s: 1, orders1m: 1],
        .amend: [orders10s: 1, orders1m: 1],
        .cancel: [weight: 1],
        .cancelMany: [weight: 1],
        .cancelAll: [weight: 1],
        .query: [weight: 1],
        .openOrders: [weight: 1],
        .history: [weight: 5],
        .fills: [weight: 5],
        .balances: [weight: 5],
        .positions: [weight: 5],
        .ticker: [weight: 2],
        .candles: [weight: 5],
        .depth: [weight: 5],
        .rules: [weight: 1],
        .time: [weight: 1],
        .timer: [weight: 10],
        .fees: [weight: 20],
        .limits: [weight: 1],
        .userStream: [weight: 1],
    ]

    static let costsWithoutSymbol: [BrokerOperation: [String: Int]] = [
        .openOrders: [weight: 40],
        .ticker: [weight: 5],
    ]
}
