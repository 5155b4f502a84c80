/// When a circuit breaker trips, how long it stays open, and how it comes back.
///
/// Any values can be set; `CircuitBreaker` refuses what makes no sense, with one error that lists every bad field.
public struct CircuitBreakerConfiguration: Hashable, Sendable {
    /// How many failures in a row trip the breaker, at least 1; nil leaves this rule out.
    public var consecutiveFailures: Int?

    /// The share of failures or of slow calls that trips the breaker; nil leaves these rules out.
    ///
    /// One of the rules must be there.
    public var rates: Rates?

    /// How long the breaker stays open at its first trip, above zero.
    public var openDuration: Duration

    /// The factor by which the time open grows with every trip that follows, finite and at least 1; 1 keeps it fixed.
    ///
    /// It shrinks by one step for each `openDuration` that the breaker has been closed between two trips.
    public var openDurationGrowth: Double

    /// The longest time open, at least `openDuration`.
    public var openDurationCap: Duration

    /// How much of a time open chance may take away, from 0 (none) to 1 (all of it).
    ///
    /// Clients that trip together should not try again together. It is taken after the cap, so that it is never lost at
    /// the cap and never lifts a time open over it. An end that the caller names is kept as it is.
    public var openDurationJitter: Double

    /// How many calls may try at once while the breaker is half-open, from 1 to 1,000.
    public var probes: Int

    /// How many probes must succeed, with none failing, before the breaker closes, from 1 to 1,000,000.
    public var successesToClose: Int

    /// How long a probe may take, above zero; one that has no result by then counts as failed.
    ///
    /// Without it a call that hangs would hold its permit, and the breaker, for ever.
    public var probeLease: Duration

    /// How calls come back after the breaker has closed; nil lets all of them pass at once.
    public var ramp: Ramp?

    /// Whether the breaker works from its start; true unless told.
    ///
    /// Where false it begins disabled: it lets every call pass and counts no result, as after `disable(reason:)`, and
    /// its status says so. An operator may put it in service, until the process ends, by `reset()`, `release()` or
    /// another state of his.
    public var isEnabled: Bool

    /// Makes a configuration; the defaults are those of `general`.
    public init(
        consecutiveFailures: Int? = 5,
        rates: Rates? = nil,
        openDuration: Duration = .seconds(60),
        openDurationGrowth: Double = 2,
        openDurationCap: Duration = .seconds(600),
        openDurationJitter: Double = 0.1,
        probes: Int = 1,
        successesToClose: Int = 1,
        probeLease: Duration = .seconds(30),
        ramp: Ramp? = nil,
        isEnabled: Bool = true
    ) {
        self.consecutiveFailures = consecutiveFailures
        self.rates = rates
        self.openDuration = openDuration
        self.openDurationGrowth = openDurationGrowth
        self.openDurationCap = openDurationCap
        self.openDurationJitter = openDurationJitter
        self.probes = probes
        self.successesToClose = successesToClose
        self.probeLease = probeLease
        self.ramp = ramp
        self.isEnabled = isEnabled
    }
}
