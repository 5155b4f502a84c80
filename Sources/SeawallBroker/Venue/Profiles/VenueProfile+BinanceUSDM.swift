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

    /// From the particular to the general; the first that fits decides.
    static let errors: [ErrorRule] =
        limitsAndBans + orderStates + serverTexts + codes + statuses

    private static let limitsAndBans = [
        ErrorRule(status: 418, meaning: .banned, scope: .ip),
        ErrorRule(code: "-1003", contains: "banned until", meaning: .banned, scope: .ip),
        ErrorRule(code: "-1015", meaning: .rateLimited, scope: .account),
        ErrorRule(code: "-1003", meaning: .rateLimited, scope: .ip),
        ErrorRule(status: 429, contains: "too many new orders", meaning: .rateLimited, scope: .account),
        ErrorRule(status: 429, meaning: .rateLimited, scope: .ip),
    ]

    private static let orderStates = [
        // A status of its own for a cancel and a new order of which one was done.
        ErrorRule(status: 409, meaning: .partial),
        ErrorRule(code: "-2010", contains: "duplicate order sent", meaning: .duplicate),
        ErrorRule(code: "-4116", meaning: .duplicate),
        ErrorRule(code: "-2011", meaning: .noSuchOrder),
        ErrorRule(code: "-2013", meaning: .noSuchOrder),
        ErrorRule(code: "-2022", meaning: .reduceCapacity),
        ErrorRule(code: "-4118", meaning: .reduceCapacity),
        ErrorRule(code: "-1008", meaning: .overloaded),
    ]

    /// The texts of a 503, as the venue itself writes them.
    ///
    /// A page in HTML, or a bare "Service Unavailable", comes from something in front of the venue and proves nothing.
    private static let serverTexts = [
        ErrorRule(status: 503, contains: "<html", meaning: .ambiguous),
        ErrorRule(status: 503, contains: "unknown error", meaning: .ambiguous),
        ErrorRule(status: 503, contains: "request throttled by system-level protection", meaning: .overloaded),
        ErrorRule(status: 503, contains: "service unavailable.", meaning: .overloaded),
        ErrorRule(status: 503, contains: "\"msg\":\"service unavailable", meaning: .overloaded),
        ErrorRule(status: 503, contains: "\"msg\": \"service unavailable", meaning: .overloaded),
    ]

    private static let codes: [ErrorRule] =
        rules(.ambiguous, "-1000", "-1001", "-1006", "-1007", "-2012", "-4117", "-5043")
        + rules(.clockSkew, "-1021", "-5028")
        + rules(
            .authentication, "-1002", "-1011", "-1022", "-1099", "-2014", "-2015", "-2017", "-4056", "-4057", "-4109")
        + rules(.sessionExpired, "-1125")
        + rules(
            .venueMode, "-1016", "-1122", "-2016", "-4022", "-4087", "-4088", "-4140", "-4141", "-4192", "-4400",
            "-4401", "-4402", "-5024")
        + rules(.rejected, requestRefusals + orderRefusals)

    /// What is wrong with the request itself; refused before the matching engine.
    private static let requestRefusals = [
        "-1013", "-1014", "-1020", "-1023", "-1100", "-1101", "-1102", "-1103", "-1104", "-1105", "-1106", "-1108",
        "-1109", "-1110", "-1111", "-1112", "-1114", "-1115", "-1116", "-1117", "-1118", "-1119", "-1120", "-1121",
        "-1126", "-1127", "-1128", "-1130", "-1136",
    ]

    /// What an account or a filter does not allow.
    private static let orderRefusals = [
        "-2010", "-2018", "-2019", "-2020", "-2021", "-2023", "-2024", "-2025", "-2026", "-2027", "-2028", "-4001",
        "-4002", "-4003", "-4004", "-4005", "-4006", "-4007", "-4013", "-4014", "-4015", "-4016", "-4020", "-4021",
        "-4023", "-4024", "-4031", "-4032", "-4045", "-4050", "-4051", "-4060", "-4061", "-4062", "-4131", "-4135",
        "-4137", "-4138", "-4139", "-4142", "-4144", "-4164", "-4165", "-4183", "-4184", "-4210", "-4211", "-5021",
        "-5022", "-5025", "-5026", "-5027", "-5029", "-5037", "-5038", "-5039", "-5040", "-5041",
    ]

    /// Statuses without a code that the table knows.
    ///
    /// A 403 is the firewall's: a limit, or a block.
    private static let statuses = [
        ErrorRule(status: 401, meaning: .authentication),
        ErrorRule(status: 403, meaning: .banned, scope: .ip),
    ]

    private static func rules(_ meaning: ErrorRule.Meaning, _ codes: String...) -> [ErrorRule] {
        rules(meaning, codes)
    }

    private static func rules(_ meaning: ErrorRule.Meaning, _ codes: [String]) -> [ErrorRule] {
        codes.map { ErrorRule(code: $0, meaning: meaning) }
    }
}
