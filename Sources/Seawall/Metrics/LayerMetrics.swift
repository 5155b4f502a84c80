internal import SeawallBackoff
internal import SeawallBroker
internal import SeawallCircuitBreaker
internal import SeawallDegradation
internal import SeawallMetrics
internal import SeawallTime

/// The metrics of a layer, registered once.
final class LayerMetrics: Sendable {
    private let requests: CounterFamily
    private let durations: HistogramFamily
    private let givenUp: CounterFamily
    private let outstanding: Gauge
    private let orders: CounterFamily
    private let unknown: Gauge
    private let permissionLevel: Gauge
    private let breakerState: GaugeFamily
    private let breakerMoves: CounterFamily
    private let breakerFailures: CounterFamily
    private let budgetTokens: GaugeFamily
    private let budgetRefusals: CounterFamily
    private let unreadable: CounterFamily
    private let waitingCancels: Counter
    private let registry: MetricsRegistry
    private let time: any TimeSource

    init(registry: MetricsRegistry, time: any TimeSource) throws {
        self.registry = registry
        self.time = time
        requests = try registry.counter(
            "requests_total", help: "Requests that came back from the venue, by operation and outcome.",
            labels: ["op", "outcome"])
        durations = try registry.histogram(
            "request_duration_seconds", help: "Time from hand-over to answer, late answers too.", labels: ["op"])
        givenUp = try registry.counter(
            "requests_given_up_total", help: "Requests whose answer nobody waited for any more.", labels: ["op"])
        outstanding = try registry.gauge(
            "requests_outstanding",
            help: "Requests handed over that have not ended; each holds its weight, even given up."
        ).with()
        unreadable = try registry.counter(
            "answers_unreadable_total", help: "Orders and fills whose quantities make no sense.", labels: ["op"])
        waitingCancels = try registry.counter(
            "cancels_waiting_total", help: "Tries of a cancel that had to wait for the venue's name of its order."
        ).with()
        orders = try registry.counter(
            "order_transitions_total", help: "Moves of orders, by the state they moved to.", labels: ["state"])
        unknown = try registry.gauge("orders_unknown", help: "Orders whose outcome is not proven now.").with()
        permissionLevel = try registry.gauge(
            "permission_level", help: "The global permission: 3 open, 2 reduce only, 1 cancel only, 0 frozen."
        ).with()
        breakerState = try registry.gauge(
            "circuit_breaker_state", help: "State of a breaker: 0 closed, 1 half-open, 2 open, 3 isolated, 4 disabled.",
            labels: ["breaker"])
        breakerMoves = try registry.counter(
            "circuit_breaker_state_changes_total", help: "Moves of a breaker, by the states it moved from and to.",
            labels: ["breaker", "from_state", "to_state"])
        breakerFailures = try registry.counter(
            "circuit_breaker_failures_total", help: "Calls that a breaker was told had failed.", labels: ["breaker"])
        budgetTokens = try registry.gauge(
            "retry_budget_tokens", help: "What is left of a retry budget.", labels: ["budget"])
        budgetRefusals = try registry.counter(
            "retry_budget_refusals_total", help: "Repeats that a retry budget had nothing left for.", labels: ["budget"]
        )
        permissionLevel.set(3)
    }

    func handedOver() { outstanding.add(1) }

    /// A call has ended, in time or late, or was given up and came to its end at last.
    func ended() { outstanding.add(-1) }

    func arrived(_ operation: BrokerOperation, _ outcome: String, since sentAt: MonotonicInstant) {
        requests.with(["op": operation.rawValue, "outcome": outcome]).increment()
        durations.with(["op": operation.rawValue]).observe(sentAt.duration(to: time.now))
    }

    func gaveUp(_ operation: BrokerOperation) {
        givenUp.with(["op": operation.rawValue]).increment()
    }

    /// Something that the venue said of orders could not be understood, and was left out.
    func unreadable(_ operation: BrokerOperation) {
        unreadable.with(["op": operation.rawValue]).increment()
    }

    func cancelWaits() { waitingCancels.increment() }

    func order(_ state: OrderStatus) {
        orders.with(["state": state.rawValue]).increment()
    }

    func unknown(_ count: Int) {
        unknown.set(Double(count))
    }

    func permission(_ level: Permission) {
        permissionLevel.set(Double(level.gaugeValue))
    }

    /// Shows a breaker from the start on, before it has ever moved.
    func shows(_ breaker: CircuitBreaker) {
        breakerState.with(["breaker": breaker.name]).set(breaker.state.gaugeValue)
        breakerFailures.with(["breaker": breaker.name]).increment(by: 0)
    }

    func breaker(_ transition: CircuitBreaker.Transition) {
        breakerMoves.with(
            ["breaker": transition.name, "from_state": transition.from.rawValue, "to_state": transition.to.rawValue]
        ).increment()
        breakerState.with(["breaker": transition.name]).set(transition.to.gaugeValue)
    }

    func breakerFailed(_ name: String) { breakerFailures.with(["breaker": name]).increment() }

    /// Shows a budget as it is whenever somebody reads the metrics.
    func shows(_ budget: RetryBudget) {
        budgetTokens.with(["budget": budget.name], reading: { Double(budget.tokens) })
        let refusals = budgetRefusals.with(["budget": budget.name])
        registry.beforeReading { refusals.raise(to: Double(budget.refusals)) }
    }
}

extension CircuitBreaker.State {
    /// The numbers of the dashboards that there are: 0 to 2; what only operators set follows.
    fileprivate var gaugeValue: Double {
        switch self {
        case .closed: 0
        case .halfOpen: 1
        case .open: 2
        case .isolated: 3
        case .disabled: 4
        }
    }
}

extension Permission {
    /// The more may be sent, the higher.
    fileprivate var gaugeValue: Double {
        switch self {
        case .frozen: 0
        case .cancelOnly: 1
        case .reduceOnly: 2
        case .open: 3
        }
    }
}
