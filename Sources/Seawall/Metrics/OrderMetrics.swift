internal import SeawallBroker
internal import SeawallMetrics
internal import SeawallTime

/// What becomes of orders: what placing them came to, how they move, and how long any is unknown.
final class OrderMetrics: Sendable {
    /// From a quick answer of the venue to an hour.
    private static let resolutionBuckets = HistogramBuckets.durations(
        [0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600, 1_800, 3_600].map { .seconds($0) })

    private struct Submission: Hashable, Sendable {
        var side: Side
        var outcome: SubmissionOutcome
    }

    private let submissions: KnownSeries<Submission, Counter>
    private let blocked: KnownSeries<BlockedReason, Counter>
    private let moves: KnownSeries<OrderStatus, Counter>
    private let unknown: Gauge
    private let oldest: Gauge
    private let found: Histogram
    private let absent: Histogram
    private let waitingCancels: Counter
    private let sweeps: KnownSeries<SweepEvent.Step, Counter>
    private let ledgerOrders: (active: Gauge, ended: Gauge)
    private let ledgerFill: Gauge
    /// Since when each order is unknown.
    private let since = Lock([ClientOrderID: MonotonicInstant]())
    /// Those of them that were unknown no more at the last reading.
    private let suspects = Lock([ClientOrderID: MonotonicInstant]())

    init(_ scope: MetricsScope) throws {
        submissions = KnownSeries(
            try scope.counter(
                "order_submission_total", "Orders that the bot placed, by what it was told.", "reason", "result", "side"
            ),
            of: Side.allCases.flatMap { side in
                SubmissionOutcome.all.map { Submission(side: side, outcome: $0) }
            }, scope
        ) {
            [
                ("reason", $0.outcome.reason), ("result", $0.outcome.result.rawValue), ("side", $0.side.rawValue),
            ]
        }
        blocked = KnownSeries(
            try scope.counter("trades_blocked_total", "Orders and amends that were not let out here.", "reason"),
            of: BlockedReason.allCases, scope
        ) { [("reason", $0.rawValue)] }
        moves = KnownSeries(
            try scope.counter("order_transitions_total", "Moves of orders, by the state that they moved to.", "state"),
            of: OrderStatus.allCases, scope
        ) { [("state", $0.rawValue)] }
        unknown = try scope.gauge("orders_unknown", "Orders of which nothing proves what became of them.").with()
        oldest = try scope.gauge(
            "orders_unknown_oldest_seconds",
            "How long the order that is unknown longest has been so; 0 where none is."
        ).with()
        let resolution = try scope.histogram(
            "order_resolution_seconds", "Time from when an order became unknown until its fate was proven.", "result",
            buckets: Self.resolutionBuckets)
        found = resolution.with(("result", "found"))
        absent = resolution.with(("result", "absent"))
        waitingCancels = try scope.counter(
            "cancels_waiting_total", "Tries of a cancel that had to wait for the venue's name of its order."
        ).with()
        sweeps = KnownSeries(
            try scope.counter(
                "sweep_steps_total", "Steps of the sweeps that trips make of the orders in their scope.", "step"),
            of: SweepEvent.Step.allCases, scope
        ) { [("step", $0.rawValue)] }
        let orders = try scope.gauge("ledger_orders", "Orders that the ledger knows.", "state")
        ledgerOrders = (orders.with(("state", "active")), orders.with(("state", "ended")))
        ledgerFill = try scope.gauge(
            "ledger_fill_ratio",
            "Ended orders that the ledger remembers, as a part of those that it may; at 1 the oldest are forgotten."
        ).with()
    }

    /// A call to place has ended.
    func submitted(_ side: Side, _ outcome: SubmissionOutcome) {
        submissions[Submission(side: side, outcome: outcome)].increment()
    }

    /// Something was not let out.
    func blocked(_ reason: BlockedReason) { blocked[reason].increment() }

    /// An order has moved, in this process or, if that is inherited, in an earlier one.
    func moved(_ change: LedgerChange, at now: MonotonicInstant, isInherited: Bool) {
        if !isInherited { moves[change.state].increment() }
        let began = since.withLock { since -> MonotonicInstant? in
            if change.state == .unknown {
                if since[change.clientID] == nil { since[change.clientID] = now }
                return nil
            }
            return since.isEmpty ? nil : since.removeValue(forKey: change.clientID)
        }
        guard let began else { return }
        (change.state.provesExistence ? found : absent).observe(max(.zero, began.duration(to: now)))
    }

    /// Since when the order that is unknown longest has been so, of those that the ledger says are unknown.
    ///
    /// Two moves that were told in the wrong order leave one that is unknown no more: it is forgotten when two readings have
    /// found it so. After one alone its move may be about to be told.
    private func earliest(_ ledger: OrderLedger) -> MonotonicInstant? {
        let all = since.withLock { $0 }
        let ended = all.filter { ledger.entry($0.key)?.order.status != .unknown }
        let before = suspects.withLock { suspects in
            defer { suspects = ended }
            return suspects
        }
        since.withLock { since in
            for (id, instant) in ended where before[id] == instant && since[id] == instant { since[id] = nil }
        }
        return all.filter { ended[$0.key] == nil }.values.min()
    }

    func cancelWaits() { waitingCancels.increment() }

    func swept(_ step: SweepEvent.Step) { sweeps[step].increment() }

    /// Shows the ledger as it is whenever somebody reads the metrics.
    func watch(_ ledger: OrderLedger, capacity: Int, _ sources: MetricsSources, _ time: any TimeSource) {
        sources.add { [self] in
            let counts = ledger.counts
            unknown.set(counts.unknown)
            ledgerOrders.active.set(counts.active)
            ledgerOrders.ended.set(counts.ended)
            ledgerFill.set(Double(counts.ended) / Double(max(1, capacity)))
            let earliest = earliest(ledger)
            oldest.set(earliest.map { max(.zero, $0.duration(to: time.now)) } ?? .zero)
        }
    }
}
