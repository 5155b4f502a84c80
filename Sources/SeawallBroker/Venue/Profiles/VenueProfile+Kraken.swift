extension VenueProfile {
    /// Kraken spot, as its public documentation describes it, for an account of the lowest tier; `kraken`.
    ///
    /// Sources, of docs.kraken.com: "Spot Trading Limits" for the counter of each pair (60 for the lowest tier, falling by
    /// 1 a second; a cancel costs 8 below 5 s of the order's age, down to 0 from 300 s on) and the orders open in a pair
    /// (60); "Spot REST Rate Limits" for the counter of calls (15, falling by 0.33 a second; trade history costs 2);
    /// "Client Order Identifiers" for ids (free text of 18 characters, unique among open orders); "Error messages" for the
    /// table, whose errors come with status 200; "Get System Status" for the modes; "Cancel All Orders After X" for the
    /// timer (all orders of the account, below a day, a minute advised). support.kraken.com, "API Error Codes": a lockout
    /// lasts about a quarter of an hour; "What are the API rate limits": one public call a second.
    ///
    /// Counters are in hundredths. Orders of a batch are cancelled with a count for an answer and not with a result for
    /// each, all orders only for the account and not for a symbol, and reduce-only is for margin: so none of the three is
    /// a capability. A query by client id asks open and closed orders, two calls.
    ///
    /// Not documented, and chosen wide: how long a new order may stay invisible (a minute; orders have been missing from
    /// the open list for that long, veox/python3-krakenex#60), what a refused client id means (nothing is proven), and what
    /// a busy service means (likewise). An adapter must send `deadline`, a minute at most, or the receive window does not
    /// hold.
    public static let kraken = VenueProfile(
        name: "kraken",
        identity: .uniqueAmongOpen,
        clientIDLength: 18,
        errors: Kraken.errors,
        limits: Kraken.limits,
        costs: Kraken.costs,
        visibilityLag: .seconds(60),
        receiveWindow: .seconds(60),
        capabilities: [
            .manyTickers, .candles, .depth, .rules, .history, .queryByClientID, .cancelByClientID, .amend,
            .deadManTimer, .fees, .status, .serverTime, .marketStream, .userStream,
        ],
        defaultBan: .seconds(900),
        defaultRetryAfter: .seconds(60),
        heartbeat: .seconds(1),
        pageSize: 50,
        costsByAge: Kraken.costsByAge,
        wordings: Kraken.wordings,
        // A checksum guards the book; there are no numbers to compare.
        sequence: .none,
        modes: [.online, .postOnly, .cancelOnly, .maintenance],
        deadMan: DeadManRule(
            shortest: .seconds(1), longest: .seconds(86_399), scope: .account, cancelsProtection: true),
        clockLead: .seconds(1))
}

/// The tables of the profile of Kraken.
enum Kraken {
    static let calls = "api_counter"
    static let publicCalls = "public_1s"
    static let pair = "pair_counter"
    static let open = "open_orders"

    /// The counter of calls is the key's own, and leaves orders alone.
    static let callScope: LimitScope = "api_counter"

    static let limits = [
        LimitRule(name: publicCalls, scope: .ip, counts: .weight, shape: .rolling, limit: 1, window: .seconds(1)),
        LimitRule(
            name: calls, scope: callScope, counts: .weight, shape: .decay, limit: 1_500, window: .seconds(46),
            decay: 33),
        LimitRule(
            name: pair, scope: .symbol, counts: .order, shape: .decay, limit: 6_000, window: .seconds(60), decay: 100),
        LimitRule(name: open, scope: .symbol, counts: .open, shape: .rolling, limit: 60, window: .zero),
    ]

    static let costs: [BrokerOperation: [String: Int]] = [
        .place: [pair: 100],
        .amend: [pair: 100],
        .query: [calls: 200],
        .openOrders: [calls: 100],
        .history: [calls: 100],
        .fills: [calls: 200],
        .balances: [calls: 100],
        .positions: [calls: 100],
        .timer: [calls: 100],
        .fees: [calls: 100],
        .userStream: [calls: 100],
        .ticker: [publicCalls: 1],
        .candles: [publicCalls: 1],
        .depth: [publicCalls: 1],
        .rules: [publicCalls: 1],
        .status: [publicCalls: 1],
        .time: [publicCalls: 1],
    ]

    static let costsByAge: [BrokerOperation: [String: [AgeCost]]] = [
        .amend: [pair: ages((5, 300), (10, 200), (15, 100))],
        .cancel: [pair: ages((5, 800), (10, 600), (15, 500), (45, 400), (90, 200), (300, 100))],
    ]

    private static func ages(_ steps: (seconds: Int, cost: Int)...) -> [AgeCost] {
        steps.map { AgeCost(under: .seconds($0.seconds), cost: $0.cost) }
    }
}
