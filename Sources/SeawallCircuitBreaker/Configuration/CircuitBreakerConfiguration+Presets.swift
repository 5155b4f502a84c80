extension CircuitBreakerConfiguration {
    /// Five failures in a row, open for 60 s that double up to 10 minutes, less up to a tenth; one probe, one success.
    public static let general = CircuitBreakerConfiguration()

    /// Five failures, always 30 s, two successes: for an exchange.
    public static let exchange = fixed(failures: 5, seconds: 30, successes: 2)

    /// Ten failures, always 60 s, three successes: for a decentralised exchange.
    public static let dex = fixed(failures: 10, seconds: 60, successes: 3)

    /// Three failures, always 120 s, one success: for a social network's interface.
    public static let socialAPI = fixed(failures: 3, seconds: 120, successes: 1)

    /// Five failures, always 60 s, one success: for the module that runs backtests.
    public static let backtest = fixed(failures: 5, seconds: 60, successes: 1)

    /// Three failures, always 30 s, one success: for the module that keeps the portfolio.
    public static let portfolio = fixed(failures: 3, seconds: 30, successes: 1)

    /// Three failures, always 60 s, one success: for the module that judges risk.
    public static let risk = fixed(failures: 3, seconds: 60, successes: 1)

    /// Two failures, always 120 s, one success: for the module that trades live.
    public static let live = fixed(failures: 2, seconds: 120, successes: 1)

    private static func fixed(failures: Int, seconds: Int64, successes: Int) -> CircuitBreakerConfiguration {
        CircuitBreakerConfiguration(
            consecutiveFailures: failures, openDuration: .seconds(seconds), openDurationGrowth: 1,
            openDurationJitter: 0, successesToClose: successes)
    }
}
