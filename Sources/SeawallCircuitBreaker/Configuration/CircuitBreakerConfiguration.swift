/// When a circuit breaker trips, how long it stays open, and how it comes back.
///
/// Any values can be set; `CircuitBreaker` refuses what makes no sense, with one error that lists every bad field.
public struct CircuitBreakerConfiguration: Hashable, Sendable {
    /// A share of failures among the last calls that trips the breaker.
    public struct FailureRate: Hashable, Sendable {
        /// Failures per thousand calls at which the breaker trips, from 1 to 1000; compared in whole numbers.
        public var perMille: Int

        /// How many of the last calls are looked at, from 1 to 100,000; one bit of memory each.
        public var window: Int

        /// How many calls must be in the window before the rate means anything, from 1 to `window`.
        public var minimumCalls: Int

        /// Makes a rate: half of the last 100 calls, once 10 were made, unless told.
        public init(perMille: Int = 500, window: Int = 100, minimumCalls: Int = 10) {
            self.perMille = perMille
            self.window = window
            self.minimumCalls = minimumCalls
        }
    }

    /// How many failures in a row trip the breaker, at least 1; nil leaves this rule out.
    public var consecutiveFailures: Int?

    /// The failure rate that trips the breaker; nil leaves this rule out.
    ///
    /// One of the two rules must be there.
    public var failureRate: FailureRate?

    /// How long the breaker stays open at its first trip, above zero.
    public var openDuration: Duration

    /// The factor by which the time open grows with every trip that follows, finite and at least 1; 1 keeps it fixed.
    ///
    /// It shrinks by one step for each `openDuration` that the breaker has been closed between two trips.
    public var openDurationGrowth: Double

    /// The longest time open, at least `openDuration`.
    public var openDurationCap: Duration

    /// How many calls may try at once while the breaker is half-open, from 1 to 1,000.
    public var probes: Int

    /// How many probes must succeed, with none failing, before the breaker closes, from 1 to 1,000,000.
    public var successesToClose: Int

    /// How long a probe may take, above zero; one that has no result by then counts as failed.
    ///
    /// Without it a call that hangs would hold its permit, and the breaker, for ever.
    public var probeLease: Duration

    /// Makes a configuration; the defaults are those of `general`.
    public init(
        consecutiveFailures: Int? = 5,
        failureRate: FailureRate? = nil,
        openDuration: Duration = .seconds(60),
        openDurationGrowth: Double = 2,
        openDurationCap: Duration = .seconds(600),
        probes: Int = 1,
        successesToClose: Int = 1,
        probeLease: Duration = .seconds(30)
    ) {
        self.consecutiveFailures = consecutiveFailures
        self.failureRate = failureRate
        self.openDuration = openDuration
        self.openDurationGrowth = openDurationGrowth
        self.openDurationCap = openDurationCap
        self.probes = probes
        self.successesToClose = successesToClose
        self.probeLease = probeLease
    }
}

extension CircuitBreakerConfiguration {
    /// Five failures in a row, open for 60 s that double up to 10 minutes, one probe, one success.
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
            successesToClose: successes)
    }
}
