internal import SeawallDegradation
internal import SeawallMetrics

/// How full the journal is, and whether what it is told is safe.
final class JournalMetrics: Sendable {
    private let size: ScopedFamily<Gauge>
    private let fill: ScopedFamily<Gauge>
    private let records: ScopedFamily<Counter>
    private let unsafe: ScopedFamily<Gauge>
    private let failing: ScopedFamily<Gauge>

    init(_ scope: MetricsScope) throws {
        size = try scope.gauge("journal_size_bytes", "The size of the journal.")
        fill = try scope.gauge(
            "journal_fill_ratio", "The journal's size, as a part of that from which on it is written anew.")
        records = try scope.counter("journal_records_total", "Records that were noted in the journal.")
        unsafe = try scope.gauge(
            "journal_unsafe_records", "Records that are noted in the journal and not safe on the disk.")
        failing = try scope.gauge(
            "journal_failing",
            "1 while the last write of the journal failed or hangs, or the state could not be read; else 0.")
        // Without a journal nobody sets them again.
        for gauge in [size, fill, unsafe, failing] { gauge.with().set(0) }
        _ = records.with()
    }

    /// Shows the journal as it is whenever somebody reads the metrics.
    func watch(_ journal: Journal, _ sources: MetricsSources) {
        let (size, fill, unsafe, failing) = (size.with(), fill.with(), unsafe.with(), failing.with())
        let records = FollowedTotal(records.with())
        sources.add {
            let load = journal.load
            size.set(load.size)
            fill.set(Double(load.size) / Double(max(1, load.bound)))
            records.follow(load.noted)
            unsafe.set(Double(load.noted &- load.safe))
            failing.set(load.isFailing ? 1 : 0)
        }
    }
}
