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
    private let unreadable: CounterFamily
    private let waitingCancels: Counter
    private let time: any TimeSource

    init(registry: MetricsRegistry, time: any TimeSource) throws {
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
            "circuit_breaker_state", help: "State of a breaker: 0 closed, 1 open, 2 half-open, 3 isolated, 4 disabled.",
            labels: ["breaker"])
        breakerMoves = try registry.counter(
            "circuit_breaker_transitions_total", help: "Moves of a breaker, by the state it moved to.",
            labels: ["breaker", "to"])
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

    func breaker(_ transition: CircuitBreaker.Transition) {
        breakerMoves.with(["breaker": transition.name, "to": transition.to.rawValue]).increment()
        breakerState.with(["breaker": transition.name]).set(transition.to.gaugeValue)
    }
}

extension CircuitBreaker.State {
    /// The number that the seeds' dashboards use.
    fileprivate var gaugeValue: Double {
        switch self {
        case .closed: 0
        case .open: 1
        case .halfOpen: 2
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
