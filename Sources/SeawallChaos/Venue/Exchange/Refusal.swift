internal import SeawallBroker
internal import SeawallTime

/// The exchange's "no", as status, code and words; codes are those of Binance USD-M futures.
struct Refusal: Error, Hashable, Sendable {
    /// Set where a limit or a ban is behind it.
    struct Limit: Hashable, Sendable {
        var scope: LimitScope
        var until: MonotonicInstant
        var retryAfterSeconds: Int64
        var isBan: Bool
    }

    var status = 400
    var code: String
    var message: String
    var limit: Limit?

    init(status: Int = 400, _ code: String, _ message: String, limit: Limit? = nil) {
        self.status = status
        self.code = code
        self.message = message
        self.limit = limit
    }

    /// The error that an adapter makes of it.
    var brokerError: BrokerError {
        BrokerError(
            code: .answered, message: message, delivery: .answered, status: status, venueCode: code,
            body: "{\"code\":\(code),\"msg\":\"\(message)\"}", retryAfter: limit.map { String($0.retryAfterSeconds) })
    }

    static let unknownSymbol = Refusal("-1121", "Invalid symbol.")
    static let symbolStatus = Refusal("-1122", "Invalid symbol status.")
    static let staleRequest = Refusal("-1021", "Timestamp for this request is outside of the recvWindow.")
    static let keyRefused = Refusal(status: 401, "-2015", "Invalid API-key, IP, or permissions for action.")
    static let sessionExpired = Refusal("-1125", "This listenKey does not exist.")
    static let badCursor = Refusal("-1100", "Illegal characters found in parameter 'cursor'.")
    static let badParameter = Refusal("-1102", "A mandatory parameter was empty or malformed.")
    static let badExpiry = Refusal("-1130", "Data sent for parameter 'goodTillDate' is not valid.")
    static let badPrecision = Refusal("-1111", "Precision is over the maximum defined for this asset.")
    static let cancelUnknown = Refusal("-2011", "Unknown order sent.")
    static let noSuchOrder = Refusal("-2013", "Order does not exist.")
    static let marginInsufficient = Refusal("-2019", "Margin is insufficient.")
    static let wouldTrigger = Refusal("-2021", "Order would immediately trigger.")
    static let reduceOnly = Refusal("-2022", "ReduceOnly Order is rejected.")
    static let tooManyOpen = Refusal("-2025", "Reach max open order limit.")
    static let badPrice = Refusal("-4014", "Price not increased by tick size.")
    static let priceTooLow = Refusal("-4001", "Price less than 0 or greater than the maximum.")
    static let quantityTooLow = Refusal("-4003", "Quantity less than the minimum.")
    static let quantityTooHigh = Refusal("-4005", "Quantity greater than max quantity.")
    static let badClientID = Refusal("-4015", "Client order id is not valid.")
    static let duplicate = Refusal("-4116", "ClientOrderId is duplicated.")
    static let notional = Refusal("-4164", "Order's notional must be no smaller than the minimum.")
    static let nothingToAmend = Refusal("-5027", "No need to modify the order.")
    static let wouldTake = Refusal(
        "-5022", "Due to the order could not be executed as maker, the Post Only order will be rejected.")
}
