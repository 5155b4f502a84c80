internal import SeawallBroker
internal import SeawallMetrics
internal import SeawallTime

/// How fresh the layer's knowledge of the account is: its stream, and the readings beside it.
final class AccountMetrics: Sendable {
    /// What is read beside the stream.
    enum Source: String, CaseIterable, Sendable {
        case fills
        case openOrders = "open_orders"
    }

    private struct State: Sendable {
        var hasConnected = false
        var isDown = false
        var isStopped = false
        var gaps = 0
        var unexpected = 0
        var lastEvent: MonotonicInstant?
        var lastReading: [Source: MonotonicInstant] = [:]
    }

    private let connected: Gauge
    private let reconnects: Counter
    private let gaps: Gauge
    private let orders: Counter
    private let fills: Counter
    private let heartbeats: Counter
    private let age: Gauge
    private let readingAge: [Source: Gauge]
    private let readings: [Source: (ok: Counter, error: Counter)]
    private let missing: Gauge
    private let unexpected: Gauge
    private let state = Lock(State())

    init(_ scope: MetricsScope) throws {
        let stream = ("stream", "user")
        connected = try scope.gauge("ws_connected", "1 while a stream is connected, else 0.", "stream").with(stream)
        reconnects = try scope.counter(
            "ws_reconnects_total", "Connections of a stream after its first.", "stream"
        ).with(stream)
        gaps = try scope.gauge(
            "ws_gap_count",
            "Stretches since the start in which a stream was down, so that events may be missing.", "stream"
        ).with(stream)
        let events = try scope.counter("ws_events_total", "Events that came on a stream.", "kind", "stream")
        orders = events.with(("kind", "order"), stream)
        fills = events.with(("kind", "fill"), stream)
        heartbeats = events.with(("kind", "heartbeat"), stream)
        age = try scope.gauge(
            "ws_event_age_seconds", "How long ago the last event or connection came.", "stream"
        ).with(stream)
        let readingAges = try scope.gauge(
            "account_poll_age_seconds", "How long ago the account was last read to the end beside the stream.",
            "source")
        readingAge = Dictionary(
            uniqueKeysWithValues: Source.allCases.map { ($0, readingAges.with(("source", $0.rawValue))) })
        let readings = try scope.counter(
            "account_polls_total", "Readings of the account beside the stream.", "result", "source")
        self.readings = Dictionary(
            uniqueKeysWithValues: Source.allCases.map { source in
                let label = ("source", source.rawValue)
                return (source, (readings.with(label, ("result", "ok")), readings.with(label, ("result", "error"))))
            })
        let drift = try scope.gauge(
            "reconciliation_drift",
            "Orders in which the ledger and the venue's list of open orders differed at the last reading.", "kind")
        missing = drift.with(("kind", "missing"))
        unexpected = drift.with(("kind", "unexpected"))
        age.set(Double.nan)
        for gauge in readingAge.values { gauge.set(Double.nan) }
    }

    /// The stream is connected.
    func streamOpened(at now: MonotonicInstant) {
        let isFirst = state.withLock { state in
            defer { state.hasConnected = true }
            state.isDown = false
            state.lastEvent = now
            return !state.hasConnected
        }
        if !state.withLock({ $0.isStopped }) { connected.set(1) }
        if !isFirst { reconnects.increment() }
    }

    /// The stream has ended, or could not be connected.
    func streamClosed() {
        let count = state.withLock { state in
            if !state.isDown { state.gaps += 1 }
            state.isDown = true
            return state.gaps
        }
        connected.set(0)
        gaps.set(count)
    }

    /// The layer has ended: nothing is followed any more, and what a shared registry keeps of it must not look alive.
    func stopped() {
        state.withLock { $0.isStopped = true }
        connected.set(0)
        age.set(Double.nan)
        for gauge in readingAge.values { gauge.set(Double.nan) }
    }

    func arrived(_ event: UserEvent, at now: MonotonicInstant) {
        switch event {
        case .order: orders.increment()
        case .fill: fills.increment()
        case .heartbeat: heartbeats.increment()
        }
        state.withLock { $0.lastEvent = now }
    }

    /// A reading beside the stream has ended.
    func read(_ source: Source, isWhole: Bool, at now: MonotonicInstant) {
        guard isWhole else {
            readings[source]?.error.increment()
            return
        }
        readings[source]?.ok.increment()
        notNeeded(source, at: now)
    }

    /// A reading could tell nothing new now, and was left out.
    func notNeeded(_ source: Source, at now: MonotonicInstant) {
        state.withLock { $0.lastReading[source] = now }
    }

    /// What a complete list of open orders and the ledger differ in.
    func differ(missing count: Int, unexpected others: Int) {
        state.withLock { $0.unexpected = others }
        missing.set(count)
        unexpected.set(others)
    }

    /// The ledger has no open order, so that none can be missing.
    func nothingIsMissing() { missing.set(0) }

    /// True where the last complete list showed orders that the ledger does not know.
    var hasUnexpected: Bool { state.withLock { $0.unexpected > 0 } }

    /// Shows ages as they are whenever somebody reads the metrics.
    func watch(_ sources: MetricsSources, _ time: any TimeSource) {
        sources.add { [self] in
            let state = state.withLock { $0 }
            guard !state.isStopped else { return stopped() }
            let now = time.now
            if let last = state.lastEvent { age.set(max(.zero, last.duration(to: now))) }
            for (source, last) in state.lastReading { readingAge[source]?.set(max(.zero, last.duration(to: now))) }
        }
    }
}
