extension BinanceUSDM {
    /// The texts of the page "Error Code"; modes in the nearest of its codes, as futures have none for them.
    static let wordings: [RefusalReason: Wording] = orders.merging(requests) { $1 }

    private static let requests: [RefusalReason: Wording] = [
        .unknownSymbol: BinanceWording.refusal("-1121", "Invalid symbol."),
        .symbolHalted: BinanceWording.refusal("-1122", "Invalid symbol status."),
        .staleRequest: BinanceWording.refusal("-1021", "Timestamp for this request is outside of the recvWindow."),
        .earlyRequest: BinanceWording.refusal(
            "-1021", "Timestamp for this request was 1000ms ahead of the server's time."),
        .badParameter: BinanceWording.refusal("-1102", "A mandatory parameter was empty or malformed."),
        .badCursor: BinanceWording.refusal("-1100", "Illegal characters found in parameter 'cursor'."),
        .refused: BinanceWording.refusal("-1130", "Invalid data sent for a parameter."),
        .rateLimited: BinanceWording.limit("-1003", "Too many requests."),
        .orderRateLimited: BinanceWording.limit("-1015", "Too many new orders."),
        .banned: BinanceWording.ban,
        .maintenance: BinanceWording.refusal("-1016", "This service is no longer available.", status: 503),
        .cancelOnly: BinanceWording.refusal("-4088", "User can not place order currently."),
        .postOnly: BinanceWording.refusal("-4400", "Futures Trading Quantitative Rules violated."),
        .authentication: BinanceWording.refusal(
            "-2015", "Invalid API-key, IP, or permissions for action.", status: 401),
        .sessionExpired: BinanceWording.refusal("-1125", "This listenKey does not exist."),
        .overloaded: BinanceWording.refusal(
            "-1008", "Server is currently overloaded with other requests. Please try again in a few minutes.",
            status: 503),
        .unknownServerError: BinanceWording.refusal(
            "-1007", "Timeout waiting for response from backend server. Send status unknown; execution status unknown.",
            status: 408),
    ]

    private static let orders: [RefusalReason: Wording] = [
        .badExpiry: BinanceWording.refusal("-1130", "Data sent for parameter 'goodTillDate' is not valid."),
        .badPrecision: BinanceWording.refusal("-1111", "Precision is over the maximum defined for this asset."),
        .badPrice: BinanceWording.refusal("-4014", "Price not increased by tick size."),
        .priceOutOfRange: BinanceWording.refusal("-4001", "Price less than 0 or greater than the maximum."),
        .quantityTooLow: BinanceWording.refusal("-4003", "Quantity less than the minimum."),
        .quantityTooHigh: BinanceWording.refusal("-4005", "Quantity greater than max quantity."),
        .badClientID: BinanceWording.refusal("-4015", "Client order id is not valid."),
        .duplicate: BinanceWording.refusal("-4116", "ClientOrderId is duplicated."),
        .belowMinimumNotional: BinanceWording.refusal(
            "-4164", "Order's notional must be no smaller than the minimum."),
        .insufficientFunds: BinanceWording.refusal("-2019", "Margin is insufficient."),
        .wouldTrigger: BinanceWording.refusal("-2021", "Order would immediately trigger."),
        .wouldTake: BinanceWording.refusal(
            "-5022", "Due to the order could not be executed as maker, the Post Only order will be rejected."),
        .reduceOnly: BinanceWording.refusal("-2022", "ReduceOnly Order is rejected."),
        .tooManyOpen: BinanceWording.refusal("-2025", "Reach max open order limit."),
        .cancelUnknown: BinanceWording.refusal("-2011", "Unknown order sent."),
        .noSuchOrder: BinanceWording.refusal("-2013", "Order does not exist."),
        .nothingToAmend: BinanceWording.refusal("-5027", "No need to modify the order."),
        .halfReplaced: BinanceWording.refusal("-2021", "Order cancel-replace partially failed.", status: 409),
    ]
}
