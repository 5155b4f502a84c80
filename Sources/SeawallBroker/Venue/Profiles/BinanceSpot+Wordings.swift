extension BinanceSpot {
    /// The texts of `errors.md`; spot knows no modes of cancels or of resting orders alone, and no reduce-only.
    static let wordings: [RefusalReason: Wording] = orders.merging(requests) { $1 }

    /// Both halves of a cancel-replace refused: the order to replace is unknown.
    static let replaceFailed = BinanceWording.refusal("-2022", "Order cancel-replace failed.")

    private static let requests: [RefusalReason: Wording] = [
        .unknownSymbol: BinanceWording.refusal("-1121", "Invalid symbol."),
        .symbolHalted: BinanceWording.refusal("-2010", "Market is closed."),
        .staleRequest: BinanceWording.refusal("-1021", "Timestamp for this request is outside of the recvWindow."),
        .earlyRequest: BinanceWording.refusal(
            "-1021", "Timestamp for this request was 1000ms ahead of the server's time."),
        .badParameter: BinanceWording.refusal(
            "-1102", "Mandatory parameter was not sent, was empty/null, or malformed."),
        .badCursor: BinanceWording.refusal("-1100", "Illegal characters found in a parameter."),
        .refused: BinanceWording.refusal("-1014", "Unsupported order combination."),
        .rateLimited: BinanceWording.limit(
            "-1003",
            "Too much request weight used; current limit is 6000 request weight per 1 MINUTE. "
                + "Please use WebSocket Streams for live updates to avoid polling the API."),
        // "A 429 error without the Retry-After header", says the page on limits.
        .orderRateLimited: BinanceWording.refusal(
            "-1015", "Too many new orders; current limit is 100 orders per 10 SECOND.", status: 429),
        .banned: BinanceWording.limit(
            "-1003",
            "Way too much request weight used; IP banned until {until_ms}. "
                + "Please use WebSocket Streams for live updates to avoid bans.", status: 418),
        .maintenance: BinanceWording.refusal("-1016", "This service is no longer available.", status: 503),
        .authentication: BinanceWording.refusal(
            "-2015", "Invalid API-key, IP, or permissions for action.", status: 401),
        .sessionExpired: BinanceWording.refusal("-1125", "This listenKey does not exist."),
        .overloaded: BinanceWording.refusal(
            "-1008", "Server is currently overloaded with other requests. Please try again in a few minutes.",
            status: 503),
        .unknownServerError: BinanceWording.refusal(
            "-1007", "Timeout waiting for response from backend server. Send status unknown; execution status unknown.",
            status: 504),
    ]

    private static let orders: [RefusalReason: Wording] = [
        .badExpiry: BinanceWording.refusal("-1115", "Invalid timeInForce."),
        .badPrecision: BinanceWording.refusal("-1013", "Filter failure: LOT_SIZE"),
        .badPrice: BinanceWording.refusal("-1013", "Filter failure: PRICE_FILTER"),
        .priceOutOfRange: BinanceWording.refusal("-1013", "Filter failure: PERCENT_PRICE"),
        .quantityTooLow: BinanceWording.refusal("-1013", "Filter failure: LOT_SIZE"),
        .quantityTooHigh: BinanceWording.refusal("-1013", "Filter failure: LOT_SIZE"),
        .badClientID: BinanceWording.refusal(
            "-1100",
            #"Illegal characters found in parameter 'newClientOrderId'; legal range is '^[\.A-Z\:/a-z0-9_-]{1,36}$'."#),
        .duplicate: BinanceWording.refusal("-2010", "Duplicate order sent."),
        .belowMinimumNotional: BinanceWording.refusal("-1013", "Filter failure: NOTIONAL"),
        .insufficientFunds: BinanceWording.refusal("-2010", "Account has insufficient balance for requested action."),
        .wouldTrigger: BinanceWording.refusal("-2010", "Order would trigger immediately."),
        .wouldTake: BinanceWording.refusal("-2010", "Order would immediately match and take."),
        .tooManyOpen: BinanceWording.refusal("-1013", "Filter failure: MAX_NUM_ORDERS"),
        .cancelUnknown: BinanceWording.refusal("-2011", "Unknown order sent."),
        .noSuchOrder: BinanceWording.refusal("-2013", "Order does not exist."),
        .halfReplaced: BinanceWording.refusal("-2021", "Order cancel-replace partially failed.", status: 409),
    ]
}
