/// Why a venue says no, by one name for all venues; each venue has its own words for it.
///
/// The set is open: a profile may have reasons of its own, if their wordings say what they mean.
public struct RefusalReason: BrokerIdentifier, CodingKeyRepresentable {
    /// The name of the reason.
    public var rawValue: String

    /// Makes a reason from its name.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The symbol is not traded here.
    public static let unknownSymbol: RefusalReason = "unknown_symbol"
    /// The symbol is not traded now.
    public static let symbolHalted: RefusalReason = "symbol_halted"
    /// The request was too old when it arrived.
    public static let staleRequest: RefusalReason = "stale_request"
    /// The request's time lies too far ahead of the venue's clock.
    public static let earlyRequest: RefusalReason = "early_request"
    /// A parameter is missing, malformed, or makes no sense here.
    public static let badParameter: RefusalReason = "bad_parameter"
    /// The cursor of a page is not one of the venue's.
    public static let badCursor: RefusalReason = "bad_cursor"
    /// The order would be over before it begins.
    public static let badExpiry: RefusalReason = "bad_expiry"
    /// The quantity is no multiple of the symbol's lot.
    public static let badPrecision: RefusalReason = "bad_precision"
    /// The price is no multiple of the symbol's tick.
    public static let badPrice: RefusalReason = "bad_price"
    /// The price is below or above what the symbol allows.
    public static let priceOutOfRange: RefusalReason = "price_out_of_range"
    /// The quantity is below the symbol's least.
    public static let quantityTooLow: RefusalReason = "quantity_too_low"
    /// The quantity is above the symbol's most.
    public static let quantityTooHigh: RefusalReason = "quantity_too_high"
    /// The client order id is empty, too long, or has letters that the venue does not take.
    public static let badClientID: RefusalReason = "bad_client_id"
    /// An order of this client id exists, so that no second one was made.
    public static let duplicate: RefusalReason = "duplicate"
    /// The order is worth less than the symbol's least.
    public static let belowMinimumNotional: RefusalReason = "below_minimum_notional"
    /// The account does not hold enough.
    public static let insufficientFunds: RefusalReason = "insufficient_funds"
    /// The trigger has been reached already.
    public static let wouldTrigger: RefusalReason = "would_trigger"
    /// An order that must not take would take.
    public static let wouldTake: RefusalReason = "would_take"
    /// There is nothing to reduce.
    public static let reduceOnly: RefusalReason = "reduce_only"
    /// Too many orders are open.
    public static let tooManyOpen: RefusalReason = "too_many_open"
    /// The order to cancel is unknown, or over.
    public static let cancelUnknown: RefusalReason = "cancel_unknown"
    /// The order asked for is unknown.
    public static let noSuchOrder: RefusalReason = "no_such_order"
    /// The amend changes nothing.
    public static let nothingToAmend: RefusalReason = "nothing_to_amend"
    /// Of a cancel and a new order in one, the cancel was done and the new order refused.
    public static let halfReplaced: RefusalReason = "half_replaced"
    /// Any other refusal of the request for what it asks.
    public static let refused: RefusalReason = "refused"
    /// Too many requests.
    public static let rateLimited: RefusalReason = "rate_limited"
    /// Too many orders in a time.
    public static let orderRateLimited: RefusalReason = "order_rate_limited"
    /// Shut out for not heeding a limit.
    public static let banned: RefusalReason = "banned"
    /// The venue takes nothing at all.
    public static let maintenance: RefusalReason = "maintenance"
    /// The venue takes cancels only.
    public static let cancelOnly: RefusalReason = "cancel_only"
    /// The venue takes orders that rest, and cancels.
    public static let postOnly: RefusalReason = "post_only"
    /// The key, the signature or the permission is wrong.
    public static let authentication: RefusalReason = "authentication"
    /// A session, or the key of a stream, is over.
    public static let sessionExpired: RefusalReason = "session_expired"
    /// The venue was too busy, and did nothing.
    public static let overloaded: RefusalReason = "overloaded"
    /// Something failed at the venue, and what was asked may have been done.
    public static let unknownServerError: RefusalReason = "unknown_server_error"
}
