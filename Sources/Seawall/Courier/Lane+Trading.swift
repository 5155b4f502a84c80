public import SeawallRateLimit

extension Lane {
    /// Cancels: ahead of everything.
    public static let cancel: Lane = "cancel"
    /// Orders and amends that are proved to reduce.
    public static let reduce: Lane = "reduce"
    /// Questions that settle an unknown outcome, and probes of a breaker.
    public static let resolve: Lane = "resolve"
    /// Orders and amends that may open.
    public static let newOrder: Lane = "new_order"
    /// Prices, and the account's state.
    public static let marketData: Lane = "market_data"
    /// The past: what can wait longest.
    public static let history: Lane = "history"

    /// The lanes of trading, the first served first.
    public static let trading: [Lane] = [.cancel, .reduce, .resolve, .newOrder, .marketData, .history]
}
