extension BinanceUSDM {
    /// From the particular to the general; the first that fits decides.
    static let errors: [ErrorRule] =
        BinanceErrors.limitsAndBans + BinanceErrors.half + orderStates + serverTexts + codes + BinanceErrors.statuses

    private static let orderStates = [
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
        BinanceErrors.rules(.ambiguous, ["-1000", "-1001", "-1006", "-1007", "-2012", "-4117", "-5043"])
        + BinanceErrors.rules(.clockSkew, ["-1021", "-5028"])
        + BinanceErrors.rules(
            .authentication,
            ["-1002", "-1011", "-1022", "-1099", "-2014", "-2015", "-2017", "-4056", "-4057", "-4109"])
        + BinanceErrors.rules(.sessionExpired, ["-1125"])
        + BinanceErrors.rules(
            .venueMode,
            [
                "-1016", "-1122", "-2016", "-4022", "-4087", "-4088", "-4140", "-4141", "-4192", "-4400", "-4401",
                "-4402", "-5024",
            ])
        + BinanceErrors.rules(.rejected, requestRefusals + orderRefusals)

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
}
