internal import SeawallAlerts
internal import SeawallMetrics
internal import SeawallTime

/// What becomes of alerts.
final class AlertMetrics: Sendable {
    fileprivate struct SinkSeries: Sendable {
        var sent: FollowedTotal
        var failed: FollowedTotal
        var dropped: FollowedTotal
        var waiting: Gauge
    }

    private let sent: ScopedFamily<Counter>
    private let failed: ScopedFamily<Counter>
    private let dropped: ScopedFamily<Counter>
    private let waiting: ScopedFamily<Gauge>
    private let open: [AlertSeverity: Gauge]
    private let refused: FollowedTotal
    private let fill: Gauge
    private let sinks = Lock([String: SinkSeries]())

    init(_ scope: MetricsScope) throws {
        sent = try scope.counter("alerts_sent_total", "Alerts that a sink took.", "sink")
        failed = try scope.counter("alerts_failed_total", "Alerts that a sink threw on.", "sink")
        dropped = try scope.counter("alerts_dropped_total", "Alerts that found a sink's queue full.", "sink")
        waiting = try scope.gauge("alerts_waiting", "Alerts that wait for a sink.", "sink")
        let open = try scope.gauge("alert_episodes_open", "Episodes of trouble that are open.", "severity")
        self.open = Dictionary(
            uniqueKeysWithValues: AlertSeverity.allCases.map { ($0, open.with(("severity", $0.rawValue))) })
        refused = FollowedTotal(
            try scope.counter(
                "alert_episodes_refused_total", "Episodes that were not opened because as many were open as may be."
            ).with())
        fill = try scope.gauge(
            "alert_history_fill_ratio", "Alerts in the history, as a part of those that it keeps."
        ).with()
    }

    /// Shows alerts as they are whenever somebody reads the metrics.
    func watch(_ alerts: AlertManager, historyLimit: Int, _ sources: MetricsSources) {
        sources.add { [self] in
            let statuses = alerts.sinks
            for status in statuses { series(of: status.name).show(status) }
            // For a sink that is gone nothing waits.
            let gone = sinks.withLock { $0 }.filter { known in !statuses.contains { $0.name == known.key } }
            for series in gone.values { series.waiting.set(0) }
            var counts: [AlertSeverity: Int] = [:]
            for episode in alerts.openEpisodes { counts[episode.severity, default: 0] += 1 }
            for (severity, gauge) in open { gauge.set(counts[severity] ?? 0) }
            refused.follow(UInt64(clamping: alerts.refusedEpisodeCount))
            fill.set(historyLimit > 0 ? Double(alerts.history.count) / Double(historyLimit) : 0)
        }
    }

    private func series(of sink: String) -> SinkSeries {
        sinks.withLock { sinks in
            if let known = sinks[sink] { return known }
            let label = ("sink", sink)
            let made = SinkSeries(
                sent: FollowedTotal(sent.with(label)), failed: FollowedTotal(failed.with(label)),
                dropped: FollowedTotal(dropped.with(label)), waiting: waiting.with(label))
            sinks[sink] = made
            return made
        }
    }
}

extension AlertMetrics.SinkSeries {
    fileprivate func show(_ status: AlertSinkStatus) {
        sent.follow(UInt64(clamping: status.delivered))
        failed.follow(UInt64(clamping: status.failed))
        dropped.follow(UInt64(clamping: status.dropped))
        waiting.set(status.waiting)
    }
}
