/// What the error tables of Binance's markets have in common.
enum BinanceErrors {
    /// Limits and bans, before all else: under these statuses nothing was done.
    static let limitsAndBans = [
        ErrorRule(status: 418, meaning: .banned, scope: .ip),
        ErrorRule(code: "-1003", contains: "banned until", meaning: .banned, scope: .ip),
        ErrorRule(code: "-1015", meaning: .rateLimited, scope: .account),
        ErrorRule(code: "-1003", meaning: .rateLimited, scope: .ip),
        ErrorRule(status: 429, contains: "too many new orders", meaning: .rateLimited, scope: .account),
        ErrorRule(status: 429, meaning: .rateLimited, scope: .ip),
    ]

    /// A cancel and a new order in one call, of which one was done: a status of its own.
    static let half = [ErrorRule(status: 409, meaning: .partial)]

    /// Statuses without a code that the table knows.
    ///
    /// A 403 is the firewall's: a limit, or a block.
    static let statuses = [
        ErrorRule(status: 401, meaning: .authentication),
        ErrorRule(status: 403, meaning: .banned, scope: .ip),
    ]

    /// One rule for each code.
    static func rules(_ meaning: ErrorRule.Meaning, _ codes: [String]) -> [ErrorRule] {
        codes.map { ErrorRule(code: $0, meaning: meaning) }
    }
}
