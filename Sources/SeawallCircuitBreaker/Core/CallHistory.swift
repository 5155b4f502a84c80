internal import SeawallTime

/// What a closed breaker remembers of its calls, and the rules that trip it.
struct CallHistory: Hashable, Sendable {
    private let consecutiveLimit: Int?
    private let rates: CircuitBreakerConfiguration.Rates?
    /// How long a call takes at least that is slow, in nanoseconds; nil where slowness does not count.
    let slowLimit: Int64?
    private var consecutive = 0
    /// Whether calls are forgotten by their age.
    let isOfTime: Bool
    // Two optionals and no enum with payloads: those would be copied, and their arrays with them, at every call.
    private var count: CountWindow?
    private var time: TimeWindow?

    init(_ configuration: CircuitBreakerConfiguration) {
        consecutiveLimit = configuration.consecutiveFailures
        rates = configuration.rates
        slowLimit = rates?.slowCallsPerMille == nil ? nil : rates?.slowCallDuration.wholeNanoseconds
        if case .time(let span) = rates?.window { time = TimeWindow(span: span) }
        if case .calls(let size) = rates?.window { count = CountWindow(size: size, countsSlow: slowLimit != nil) }
        isOfTime = time != nil
    }

    /// The calls in the window.
    var tally: WindowTally { count?.tally ?? time?.tally ?? WindowTally() }

    /// The failures that matter: in a row, or in the window where they are more.
    var failureCount: Int { max(consecutive, tally.failures) }

    /// Whether a quick success would change nothing at all.
    @inline(__always)
    var isUnmovedBySuccess: Bool { consecutive == 0 && rates == nil }

    /// The instant until which quick successes may be counted elsewhere and added later; nil where there is no window.
    ///
    /// No quick success trips a breaker, and one is like the other: it is enough to know how many there were when next
    /// anything else happens.
    @inline(__always)
    var stripesEnd: Int64? { time?.sliceEnd ?? (rates == nil ? nil : .max) }

    /// Failures per thousand calls of the window; nil where there is no such rule or no call.
    var failureRate: Int? { rates?.failuresPerMille == nil ? nil : tally.perMille(of: tally.failures) }

    /// Slow calls per thousand calls of the window; nil where there is no such rule or no call.
    var slowCallRate: Int? { slowLimit == nil ? nil : tally.perMille(of: tally.slow) }

    func isSlow(_ took: Int64) -> Bool { slowLimit.map { took >= $0 } ?? false }

    /// Forgets what is too old.
    mutating func roll(to now: MonotonicInstant) { time?.roll(to: now) }

    /// Adds quick successes that were counted elsewhere since anything else was counted here.
    mutating func add(quickSuccesses: Int) {
        guard quickSuccesses > 0 else { return }
        consecutive = 0
        count?.add(quickSuccesses: quickSuccesses)
        time?.add(WindowTally(calls: quickSuccesses))
    }

    /// Counts one call of the present, and says whether the breaker trips.
    mutating func add(isFailure: Bool, isSlow: Bool) -> CircuitBreaker.Transition.Reason? {
        if consecutiveLimit != nil { consecutive = isFailure ? consecutive.addingSaturating(1) : 0 }
        count?.add(isFailure: isFailure, isSlow: isSlow)
        time?.add(WindowTally(calls: 1, failures: isFailure ? 1 : 0, slow: isSlow ? 1 : 0))
        if let consecutiveLimit, consecutive >= consecutiveLimit { return .consecutiveFailures }
        guard let rates, isFailure || isSlow, tally.calls >= rates.minimumCalls else { return nil }
        if let limit = rates.failuresPerMille, tally.reaches(limit, by: tally.failures) { return .failureRate }
        if slowLimit != nil, let limit = rates.slowCallsPerMille, tally.reaches(limit, by: tally.slow) {
            return .slowCallRate
        }
        return nil
    }

    mutating func clear() {
        consecutive = 0
        count?.clear()
        time?.clear()
    }
}
