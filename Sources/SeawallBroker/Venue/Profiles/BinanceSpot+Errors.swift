extension BinanceSpot {
    /// From the particular to the general; the first that fits decides.
    static let errors: [ErrorRule] =
        BinanceErrors.limitsAndBans + BinanceErrors.half + engineTexts + codes + BinanceErrors.statuses

    /// What the matching engine says under -2010 and -2011, and the codes of orders.
    ///
    /// Both halves of a cancel-replace refused (-2022) means that there was nothing to cancel.
    private static let engineTexts = [
        ErrorRule(code: "-2010", contains: "duplicate order sent", meaning: .duplicate),
        ErrorRule(code: "-2010", contains: "market is closed", meaning: .venueMode),
        ErrorRule(code: "-2010", contains: "trading is not enabled", meaning: .venueMode),
        ErrorRule(code: "-2010", contains: "this action is disabled on this account", meaning: .authentication),
        ErrorRule(code: "-2010", contains: "may not place or cancel orders", meaning: .authentication),
        ErrorRule(code: "-2010", meaning: .rejected),
        ErrorRule(code: "-2011", contains: "cancel restrictions", meaning: .rejected),
        ErrorRule(code: "-2011", contains: "may not place or cancel orders", meaning: .authentication),
        ErrorRule(code: "-2011", meaning: .noSuchOrder),
        ErrorRule(code: "-2013", meaning: .noSuchOrder),
        ErrorRule(code: "-2026", meaning: .noSuchOrder),
        ErrorRule(code: "-2021", meaning: .partial),
        ErrorRule(code: "-2022", meaning: .noSuchOrder),
        ErrorRule(code: "-1008", meaning: .overloaded),
    ]

    private static let codes: [ErrorRule] =
        BinanceErrors.rules(.ambiguous, ["-1000", "-1001", "-1006", "-1007"])
        + BinanceErrors.rules(.clockSkew, ["-1021"])
        + BinanceErrors.rules(.authentication, ["-1002", "-1022", "-2014", "-2015"])
        + BinanceErrors.rules(.sessionExpired, ["-1125"])
        + BinanceErrors.rules(.venueMode, ["-1016", "-2016"])
        + BinanceErrors.rules(.rejected, refusals)

    /// What is wrong with the request itself; refused before the matching engine.
    private static let refusals = [
        "-1013", "-1014", "-1020", "-1100", "-1101", "-1102", "-1103", "-1104", "-1105", "-1106", "-1108", "-1111",
        "-1112", "-1114", "-1115", "-1116", "-1117", "-1118", "-1119", "-1120", "-1121", "-1122", "-1127", "-1128",
        "-1130", "-1134", "-1135", "-1139", "-1145", "-1151",
    ]
}
