internal import SeawallCircuitBreaker
internal import SeawallMetrics
internal import SeawallTime

/// What the breakers of a layer do.
final class BreakerMetrics: Sendable {
    static let results = ["success", "failure", "ignored", "rejected"]

    private struct Move: Hashable, Sendable {
        var breaker: String
        var from: CircuitBreaker.State
        var to: CircuitBreaker.State
    }

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
    private let moves: KnownSeries<Move, Counter>
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
        moves = KnownSeries(
            try scope.counter(
                "circuit_breaker_state_changes_total", "Moves of a breaker.", "breaker", "from_state", "to_state"),
            of: breakers.flatMap { Self.moves(of: $0) }, scope
        ) { [("breaker", $0.breaker), ("from_state", $0.from.rawValue), ("to_state", $0.to.rawValue)] }
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
        }
        self.series = series
    }

    func moved(_ transition: CircuitBreaker.Transition) {
        moves[Move(breaker: transition.name, from: transition.from, to: transition.to)].increment()
    }

    private static func moves(of breaker: String) -> [Move] {
        let states = CircuitBreaker.State.allCases
        return states.flatMap { from in
            states.filter { $0 != from }.map { Move(breaker: breaker, from: from, to: $0) }
        }
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
