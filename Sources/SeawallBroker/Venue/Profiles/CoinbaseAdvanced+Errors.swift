extension CoinbaseAdvanced {
    /// From the particular to the general; the first that fits decides.
    static let errors: [ErrorRule] =
        limitsAndBlocks + unproven + orderStates + modes + rules(.rejected, refusals) + rules(.rejected, previews)
        + gateway

    /// A limit says no before anything is done; a page of the firewall with 403 is a block, any other 403 a permission.
    private static let limitsAndBlocks = [
        ErrorRule(status: 429, operations: publicOperations, meaning: .rateLimited, scope: .ip),
        ErrorRule(status: 429, meaning: .rateLimited, scope: .account),
        ErrorRule(code: "RESOURCE_EXHAUSTED", meaning: .rateLimited, scope: .account),
        ErrorRule(status: 403, contains: "<html", meaning: .banned, scope: .ip),
    ]

    /// What leaves open whether it was done, or is being done.
    private static let unproven = rules(
        .ambiguous,
        [
            "UNKNOWN_FAILURE_REASON", "UNKNOWN_EDIT_ORDER_FAILURE_REASON", "UNKNOWN_CANCEL_FAILURE_REASON",
            "COMMANDER_REJECTED_CANCEL_ORDER", "COMMANDER_REJECTED_EDIT_ORDER", "DUPLICATE_CANCEL_REQUEST",
            "ORDER_IS_BEING_REPLACED", "ORDER_IS_ALREADY_BEING_REPLACED", "ORDER_IS_PENDING_CANCEL",
            "TOO_MANY_PENDING_REPLACES", "INTERNAL", "UNKNOWN", "UNAVAILABLE", "DEADLINE_EXCEEDED", "ABORTED",
        ])

    private static let orderStates =
        rules(.duplicate, ["DUPLICATE_CLIENT_ORDER_ID"])
        + rules(
            .noSuchOrder,
            ["UNKNOWN_CANCEL_ORDER", "ORDER_IS_FULLY_FILLED", "ORDER_NOT_FOUND", "ONLY_OPEN_ORDERS_CAN_BE_EDITED"])
        + [
            ErrorRule(
                code: "NOT_FOUND", operations: [.query, .cancel, .cancelMany, .amend, .preview], meaning: .noSuchOrder)
        ]
        + rules(.reduceCapacity, ["REDUCE_ONLY_INCREASED_POSITION_SIZE", "CANNOT_CLOSE_ZERO_POSITION"])

    private static let modes = rules(
        .venueMode,
        [
            "ORDER_ENTRY_DISABLED", "PRODUCT_TRADING_HALTED", "TRADING_DISABLED", "UNTRADABLE_PRODUCT",
            "PREVIEW_PRODUCT_TRADING_HALTED", "PREVIEW_TRADING_DISABLED", "PREVIEW_UNTRADABLE_PRODUCT",
            "PREVIEW_NOT_ALLOWED_BY_MARKET_STATE",
        ])

    /// What is refused for good, before or by the matching engine.
    private static let refusals = [
        "UNSUPPORTED_ORDER_CONFIGURATION", "INVALID_SIDE", "INVALID_PRODUCT_ID", "INVALID_SIZE_PRECISION",
        "INVALID_PRICE_PRECISION", "INSUFFICIENT_FUND", "INSUFFICIENT_FUNDS", "INVALID_LEDGER_BALANCE",
        "INELIGIBLE_PAIR", "INVALID_LIMIT_PRICE_POST_ONLY", "INVALID_LIMIT_PRICE", "INVALID_NO_LIQUIDITY",
        "INVALID_REQUEST", "COMMANDER_REJECTED_NEW_ORDER", "IN_LIQUIDATION", "GEOFENCING_RESTRICTION", "FOK_DISABLED",
        "FOK_ONLY_ALLOWED_ON_LIMIT_ORDERS", "POST_ONLY_NOT_ALLOWED_WITH_FOK", "END_TIME_TOO_FAR_IN_FUTURE",
        "END_TIME_IS_IN_THE_PAST", "GTD_ORDERS_MUST_HAVE_END_TIME", "LIMIT_PRICE_TOO_FAR_FROM_MARKET",
        "LIMIT_ORDER_PRICE_EXCEEDS_PRICE_BAND_ON_BUY", "LIMIT_ORDER_PRICE_EXCEEDS_PRICE_BAND_ON_SELL",
        "STOP_TRIGGER_PRICE_OUT_OF_BOUNDS", "STOP_ALREADY_TRIGGERED", "PRICE_NOT_ALLOWED_FOR_MARKET_ORDERS",
        "REDUCE_ONLY_NOT_ALLOWED_ON_VENUE", "REDUCE_ONLY_NOT_ALLOWED_ON_SPOT_PRODUCTS", "OPEN_BRACKET_ORDERS",
        "QUOTE_ORDERS_NOT_ALLOWED_FOR_PRODUCT", "FRACTIONAL_ORDERS_NOT_ALLOWED_FOR_PRODUCT", "BREACHED_RISK_LIMIT",
        "REPLACE_NOT_SUPPORTED", "CANNOT_EDIT_TO_BELOW_FILLED_SIZE", "CALLER_ID_MISMATCH",
        "ONLY_LIMIT_ORDER_EDITS_SUPPORTED", "INVALID_EDITED_SIZE", "INVALID_EDITED_PRICE", "INVALID_ORIGINAL_SIZE",
        "INVALID_ORIGINAL_PRICE", "EDIT_REQUEST_EQUAL_TO_ORIGINAL_REQUEST", "SIZE_IN_QUOTE_EDITS_NOT_ALLOWED",
        "PORTFOLIO_NOT_ALLOWED_FOR_EDITS", "EXCEEDED_MAX_ALLOWED_EDIT_REQUEST_COUNT", "INVALID_CANCEL_REQUEST",
        "INVALID_CANCEL_PRODUCT_ID", "NOT_ALLOWED_TO_CANCEL", "INVALID_ARGUMENT", "FAILED_PRECONDITION",
        "OUT_OF_RANGE",
    ]

    /// What the check before an order refuses.
    private static let previews = [
        "PREVIEW_INVALID_SIDE", "PREVIEW_INVALID_ORDER_CONFIG", "PREVIEW_INVALID_PRODUCT_ID",
        "PREVIEW_INVALID_SIZE_PRECISION", "PREVIEW_INVALID_PRICE_PRECISION", "PREVIEW_INVALID_LEDGER_BALANCE",
        "PREVIEW_INSUFFICIENT_LEDGER_BALANCE", "PREVIEW_INVALID_LIMIT_PRICE_POST_ONLY", "PREVIEW_INVALID_LIMIT_PRICE",
        "PREVIEW_INVALID_NO_LIQUIDITY", "PREVIEW_INSUFFICIENT_FUND", "PREVIEW_INVALID_STOP_PRICE",
        "PREVIEW_INVALID_BASE_SIZE_TOO_LARGE", "PREVIEW_INVALID_BASE_SIZE_TOO_SMALL",
        "PREVIEW_INVALID_QUOTE_SIZE_PRECISION", "PREVIEW_INVALID_QUOTE_SIZE_TOO_LARGE",
        "PREVIEW_INVALID_QUOTE_SIZE_TOO_SMALL", "PREVIEW_INVALID_PRICE_TOO_LARGE", "PREVIEW_BREACHED_PRICE_LIMIT",
        "PREVIEW_INVALID_END_TIME", "PREVIEW_END_TIME_IS_IN_THE_PAST", "PREVIEW_LIMIT_PRICE_TOO_FAR_FROM_MARKET",
        "PREVIEW_INVALID_LIMIT_PRICE_PRECISION", "PREVIEW_INVALID_STOP_PRICE_PRECISION",
        "PREVIEW_STOP_PRICE_ABOVE_LAST_TRADE_PRICE", "PREVIEW_STOP_PRICE_BELOW_LAST_TRADE_PRICE",
        "PREVIEW_STOP_TRIGGERED", "PREVIEW_NON_NUMERIC_ORDER_SIZE",
    ]

    private static let gateway =
        rules(.authentication, ["UNAUTHENTICATED", "PERMISSION_DENIED"])
        + [ErrorRule(status: 401, meaning: .authentication), ErrorRule(status: 403, meaning: .authentication)]

    private static func rules(_ meaning: ErrorRule.Meaning, _ codes: [String]) -> [ErrorRule] {
        codes.map { ErrorRule(code: $0, meaning: meaning) }
    }
}
