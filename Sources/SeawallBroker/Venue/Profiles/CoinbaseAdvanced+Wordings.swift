extension CoinbaseAdvanced {
    /// The failure reasons of "Create Order", and the errors of everything else.
    static let wordings: [RefusalReason: Wording] = orders.merging(requests) { $1 }

    /// Edits and cancels have failure reasons of their own.
    static let operationWordings: [BrokerOperation: [RefusalReason: Wording]] = [
        .place: [
            .unknownSymbol: order("INVALID_PRODUCT_ID", "product_id is not valid"),
            .badParameter: order("UNSUPPORTED_ORDER_CONFIGURATION", "The order is not of a supported kind"),
        ],
        .amend: [
            .noSuchOrder: edit("ORDER_NOT_FOUND"),
            .nothingToAmend: edit("EDIT_REQUEST_EQUAL_TO_ORIGINAL_REQUEST"),
            .badPrecision: edit("INVALID_EDITED_SIZE"),
            .quantityTooLow: edit("INVALID_EDITED_SIZE"),
            .quantityTooHigh: edit("INVALID_EDITED_SIZE"),
            .badPrice: edit("INVALID_EDITED_PRICE"),
            .priceOutOfRange: edit("INVALID_EDITED_PRICE"),
            .badParameter: edit("ONLY_LIMIT_ORDER_EDITS_SUPPORTED"),
        ],
        .cancel: cancels,
        .cancelMany: cancels,
    ]

    private static let cancels: [RefusalReason: Wording] = [
        .cancelUnknown: cancel("UNKNOWN_CANCEL_ORDER"),
        .badParameter: cancel("INVALID_CANCEL_REQUEST"),
        .unknownSymbol: cancel("INVALID_CANCEL_PRODUCT_ID"),
    ]

    private static let requests: [RefusalReason: Wording] = [
        .unknownSymbol: error(400, "INVALID_ARGUMENT", "product_id is not valid"),
        .symbolHalted: order("PRODUCT_TRADING_HALTED", "Trading is halted for this product"),
        // An expired token is refused as a wrong key is.
        .staleRequest: error(401, "UNAUTHENTICATED", "Unauthorized", meaning: .authentication),
        .earlyRequest: error(401, "UNAUTHENTICATED", "Unauthorized", meaning: .authentication),
        .badParameter: error(400, "INVALID_ARGUMENT", "a parameter is missing or not valid"),
        .badCursor: error(400, "INVALID_ARGUMENT", "cursor is not valid"),
        .refused: order("COMMANDER_REJECTED_NEW_ORDER", "The order was rejected"),
        .rateLimited: error(429, "RESOURCE_EXHAUSTED", "too many requests"),
        .orderRateLimited: error(429, "RESOURCE_EXHAUSTED", "too many requests"),
        .banned: Wording(
            status: 403, message: "Forbidden", body: "<html><body><h1>403 Forbidden</h1></body></html>"),
        // Not documented: a gateway says it, and proves nothing.
        .maintenance: error(503, "UNAVAILABLE", "Service Unavailable", meaning: .ambiguous),
        .overloaded: error(503, "UNAVAILABLE", "Service Unavailable", meaning: .ambiguous),
        .cancelOnly: order("ORDER_ENTRY_DISABLED", "Order entry is disabled"),
        .postOnly: order("PREVIEW_NOT_ALLOWED_BY_MARKET_STATE", "The market takes only orders that rest"),
        .authentication: error(401, "UNAUTHENTICATED", "Unauthorized"),
        .sessionExpired: error(401, "UNAUTHENTICATED", "Unauthorized", meaning: .authentication),
        .unknownServerError: error(500, "INTERNAL", "internal error"),
    ]

    private static let orders: [RefusalReason: Wording] = [
        .badExpiry: order("END_TIME_IS_IN_THE_PAST", "The end time is in the past"),
        .badPrecision: order("INVALID_SIZE_PRECISION", "Too many decimals in order amount"),
        .badPrice: order("INVALID_PRICE_PRECISION", "Too many decimals in order price"),
        .priceOutOfRange: order("INVALID_LIMIT_PRICE", "Limit price is not valid"),
        .quantityTooLow: order("PREVIEW_INVALID_BASE_SIZE_TOO_SMALL", "Order size is too small"),
        .quantityTooHigh: order("PREVIEW_INVALID_BASE_SIZE_TOO_LARGE", "Order size is too large"),
        .badClientID: order("INVALID_REQUEST", "client_order_id is not valid"),
        .duplicate: order("DUPLICATE_CLIENT_ORDER_ID", "client_order_id is in use"),
        .belowMinimumNotional: order("PREVIEW_INVALID_QUOTE_SIZE_TOO_SMALL", "Order value is too small"),
        .insufficientFunds: order("INSUFFICIENT_FUND", "Insufficient balance in source account"),
        .wouldTrigger: order("STOP_ALREADY_TRIGGERED", "The stop price is reached already"),
        .wouldTake: order("INVALID_LIMIT_PRICE_POST_ONLY", "Post only order would cross the spread"),
        .reduceOnly: order("CANNOT_CLOSE_ZERO_POSITION", "There is no position to close"),
        .tooManyOpen: order("BREACHED_RISK_LIMIT", "Too many open orders"),
        .cancelUnknown: cancel("UNKNOWN_CANCEL_ORDER"),
        .noSuchOrder: error(404, "NOT_FOUND", "order was not found"),
        .nothingToAmend: edit("EDIT_REQUEST_EQUAL_TO_ORIGINAL_REQUEST"),
    ]

    /// A refused order: status 200, and the reason in a field.
    private static func order(_ code: String, _ message: String) -> Wording {
        Wording(
            status: 200, code: code, message: message,
            body: #"{"success":false,"failure_reason":"UNKNOWN_FAILURE_REASON","order_id":"","#
                + #""error_response":{"error":"{code}","message":"{message}","new_order_failure_reason":"{code}"}}"#)
    }

    private static func edit(_ code: String) -> Wording {
        Wording(
            status: 200, code: code, message: code,
            body: #"{"success":false,"errors":[{"edit_failure_reason":"{code}"}]}"#)
    }

    private static func cancel(_ code: String) -> Wording {
        Wording(
            status: 200, code: code, message: code,
            body: #"{"results":[{"success":false,"failure_reason":"{code}"}]}"#)
    }

    private static func error(
        _ status: Int, _ code: String, _ message: String, meaning: ErrorRule.Meaning? = nil
    ) -> Wording {
        Wording(
            status: status, code: code, message: message,
            body: #"{"error":"{code}","error_details":"{message}","message":"{message}"}"#, meaning: meaning)
    }
}
