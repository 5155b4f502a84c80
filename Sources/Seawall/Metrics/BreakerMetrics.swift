internal import SeawallCircuitBreaker
internal import SeawallMetrics
internal import SeawallTime

/// What the breakers of a layer do.
final class BreakerMetrics: Sendable {
    static let results = ["success", "failure", "ignored", "rejected"]

    private struct Series: Sendable {
        var successes: Counter
        var failures: Counter
        var ignored: Counter
        var rejected: Counter
        var failuresAlone: Counter
    }

    private let state: ScopedFamily<Gauge>
    private let status: ScopedFamily<StateSet>
    private let age: ScopedFamily<Gauge>
    private let shadow: ScopedFamily<Gauge>
    private let moves: ScopedFamily<Counter>
    private let series: [String: Series]

    init(_ scope: MetricsScope, breakers: [String]) throws {
        state = try scope.gauge(
            "circuit_breaker_state", "State of a breaker: 0 closed, 1 half-open, 2 open, 3 isolated, 4 disabled.",
            "breaker")
        let states = CircuitBreaker.State.allCases.map(\.rawValue)
        status = try scope.stateSet(
            "circuit_breaker_status", "State of a breaker, one series a state: 1 for the one that holds, else 0.",
            states: states, "breaker")
        age = try scope.gauge(
            "circuit_breaker_state_seconds", "How long a breaker has been in its state.", "breaker")
        shadow = try scope.gauge(
            "circuit_breaker_shadow",
            "1 while a breaker is in shadow: it decides and reports, and refuses nothing or a share; else 0.", "breaker"
        )
        moves = try scope.counter(
            "circuit_breaker_state_changes_total", "Moves of a breaker.", "breaker", "from_state", "to_state")
        let calls = try scope.counter(
            "circuit_breaker_calls_total", "Calls that came to a breaker, by what became of them.", "breaker", "result")
        let failures = try scope.counter(
            "circuit_breaker_failures_total", "Calls that a breaker was told had failed.", "breaker")
        var series: [String: Series] = [:]
        for name in breakers {
            let label = ("breaker", name)
            series[name] = Series(
                successes: calls.with(label, ("result", "success")),
                failures: calls.with(label, ("result", "failure")),
                ignored: calls.with(label, ("result", "ignored")),
                rejected: calls.with(label, ("result", "rejected")), failuresAlone: failures.with(label))
            for from in states {
                for to in states where to != from {
                    moves.with(label, ("from_state", from), ("to_state", to))
                }
            }
        }
        self.series = series
    }

    func moved(_ transition: CircuitBreaker.Transition) {
        moves.with(
            ("breaker", transition.name), ("from_state", transition.from.rawValue),
            ("to_state", transition.to.rawValue)
        ).increment()
    }

    func recorded(_ result: CircuitBreaker.CallResult, _ name: String) {
        guard let series = series[name] else { return }
        switch result {
        case .success: series.successes.increment()
        case .failure:
            series.failures.increment()
            series.failuresAlone.increment()
        case .ignored: series.ignored.increment()
        }
    }

    func rejected(_ name: String) { series[name]?.rejected.increment() }

    /// Shows breakers as they are whenever somebody reads the metrics.
    func watch(_ breakers: [CircuitBreaker], _ sources: MetricsSources, _ time: any TimeSource) {
        for breaker in breakers {
            let label = ("breaker", breaker.name)
            let (state, status, age) = (state.with(label), status.with(label), age.with(label))
            let shadow = shadow.with(label)
            sources.add {
                let now = breaker.status
                state.set(now.state.gaugeValue)
                status.set(now.state.rawValue)
                shadow.set(now.isShadow ? 1 : 0)
                age.set(max(.zero, now.since.duration(to: time.now)))
            }
        }
    }
}

extension CircuitBreaker.State {
    /// The numbers of the dashboards that there are: 0 to 2; what only operators set follows.
    fileprivate var gaugeValue: Int {
        switch self {
        case .closed: 0
        case .halfOpen: 1
        case .open: 2
        case .isolated: 3
        case .disabled: 4
        }
    }
}
