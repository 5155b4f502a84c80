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
    /// By sink and not by name: one that is registered again under its name counts from zero.
    private let sinks = Lock([UInt64: SinkSeries]())

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
        alerts.observeSinks { [weak self] in self?.changed($0) }
        sources.add { [self] in
            // Read under the lock, so that nothing that was read before a sink's end is shown after it.
            sinks.withLock { sinks in
                for reading in alerts.sinkReadings {
                    let series = sinks[reading.id] ?? series(of: reading.status.name)
                    sinks[reading.id] = series
                    series.show(reading.status)
                }
            }
            var counts: [AlertSeverity: Int] = [:]
            for episode in alerts.openEpisodes { counts[episode.severity, default: 0] += 1 }
            for (severity, gauge) in open { gauge.set(counts[severity] ?? 0) }
            refused.follow(UInt64(clamping: alerts.refusedEpisodeCount))
            fill.set(historyLimit > 0 ? Double(alerts.history.count) / Double(historyLimit) : 0)
        }
    }

    /// A sink has been registered or removed.
    private func changed(_ reading: SinkReading) {
        let name = reading.status.name
        guard reading.isLast else {
            _ = series(of: name)
            return
        }
        let series = sinks.withLock { $0.removeValue(forKey: reading.id) } ?? series(of: name)
        series.show(reading.status)
        // For a sink that is gone nothing waits.
        series.waiting.set(0)
    }

    /// The series of a sink, which stand at zero if they are new.
    private func series(of sink: String) -> SinkSeries {
        let label = ("sink", sink)
        return SinkSeries(
            sent: FollowedTotal(sent.with(label)), failed: FollowedTotal(failed.with(label)),
            dropped: FollowedTotal(dropped.with(label)), waiting: waiting.with(label))
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
