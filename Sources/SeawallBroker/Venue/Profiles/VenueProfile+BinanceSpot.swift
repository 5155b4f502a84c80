extension VenueProfile {
    /// Binance spot, as its public documentation describes it; `binance-spot`.
    ///
    /// Sources, of github.com/binance/binance-spot-api-docs: `rest-api.md` for limits, weights, `recvWindow` (5 s, and 1 s
    /// ahead) and client order ids (unique among open orders, 36 characters), `errors.md` for the error table,
    /// `faqs/order_count_decrement.md` for orders that count no more once they begin to fill, `web-socket-streams.md` for
    /// the ranges of update ids and the ping every 20 s. Limits are those of `exchangeInfo` for a common account.
    ///
    /// An amend is `cancelReplace`, with the same client order id, whose two halves may part (409, -2021). Orders of an
    /// OCO are placed in one call of their own, which this boundary does not have. The mode is that of
    /// `/sapi/v1/system/status`. Not documented, and chosen wide: how long a new order may stay invisible (5 s), how long
    /// a limit of orders lasts, whose answer names no end (a minute), the shortest ban (two minutes).
    public static let binanceSpot = VenueProfile(
        name: "binance-spot",
        identity: .uniqueAmongOpen,
        clientIDLength: 36,
        errors: BinanceSpot.errors,
        limits: BinanceSpot.limits,
        costs: BinanceSpot.costs,
        usageHeaders: [
            BinanceSpot.weight: "X-MBX-USED-WEIGHT-1M",
            BinanceSpot.orders10s: "X-MBX-ORDER-COUNT-10S",
            BinanceSpot.orders1d: "X-MBX-ORDER-COUNT-1D",
        ],
        visibilityLag: .seconds(5),
        receiveWindow: .seconds(5),
        capabilities: [
            .manyTickers, .candles, .depth, .rules, .history, .queryByClientID, .cancelByClientID, .amend, .cancelAll,
            .quoteQuantity, .fees, .permissions, .limits, .status, .serverTime, .marketStream, .userStream,
        ],
        defaultBan: .seconds(120),
        defaultRetryAfter: .seconds(60),
        heartbeat: .seconds(20),
        pageSize: 500,
        costsWithoutSymbol: BinanceSpot.costsWithoutSymbol,
        wordings: BinanceSpot.wordings,
        operationWordings: [.amend: [.noSuchOrder: BinanceSpot.replaceFailed]],
        sequence: .ranges,
        modes: [.online, .maintenance],
        clockLead: .seconds(1),
        amendReplaces: true)
}

/// The tables of the profile of Binance spot.
enum BinanceSpot {
    static let weight = "request_weight_1m"
    static let orders10s = "orders_10s"
    static let orders1d = "orders_1d"

    static let limits = [
        LimitRule(name: weight, scope: .ip, counts: .weight, shape: .fixed, limit: 6_000, window: .seconds(60)),
        LimitRule(
            name: orders10s, scope: .account, counts: .order, shape: .fixed, limit: 100, window: .seconds(10),
            releasesOnFill: true),
        LimitRule(
            name: orders1d, scope: .account, counts: .order, shape: .fixed, limit: 200_000,
            window: .seconds(86_400), releasesOnFill: true),
    ]

    static let costs: [BrokerOperation: [String: Int]] = [
        .place: [weight: 1, orders10s: 1, orders1d: 1],
        .amend: [weight: 1, orders10s: 1, orders1d: 1],
        .cancel: [weight: 1],
        .cancelAll: [weight: 1],
        .query: [weight: 4],
        .openOrders: [weight: 6],
        .history: [weight: 20],
        .fills: [weight: 20],
        .balances: [weight: 20],
        .positions: [weight: 20],
        .ticker: [weight: 2],
        .candles: [weight: 2],
        .depth: [weight: 5],
        .rules: [weight: 20],
        .status: [weight: 1],
        .time: [weight: 1],
        .fees: [weight: 20],
        .permissions: [weight: 1],
        .limits: [weight: 40],
        .userStream: [weight: 2],
    ]

    static let costsWithoutSymbol: [BrokerOperation: [String: Int]] = [
        .openOrders: [weight: 80],
        .ticker: [weight: 4],
    ]
}
