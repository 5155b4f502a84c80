internal import SeawallMetrics
internal import SeawallTime

/// The bot's trading cycles: the sign of a live decision loop.
final class CycleMetrics: Sendable {
    /// How a cycle ended.
    enum Result: String, CaseIterable, Sendable {
        case ok, error, cancelled
    }

    private struct State: Sendable {
        var number = 0
        var lastEnd: MonotonicInstant?
    }

    private let durations: [Result: Histogram]
    private let number: Gauge
    private let lastTimestamp: Gauge
    private let age: Gauge
    private let running: Gauge
    private let state = Lock(State())

    init(_ scope: MetricsScope) throws {
        let durations = try scope.histogram(
            "cycle_duration_seconds", "How long the bot's trading cycles took.", "result")
        self.durations = Dictionary(
            uniqueKeysWithValues: Result.allCases.map { ($0, durations.with(("result", $0.rawValue))) })
        number = try scope.gauge("cycle_number", "The number of the last cycle that began.").with()
        lastTimestamp = try scope.gauge(
            "cycle_last_timestamp_seconds", "When the last cycle ended, as seconds since 1970."
        ).with()
        age = try scope.gauge("cycle_age_seconds", "How long ago the last cycle ended.").with()
        running = try scope.gauge("cycles_running", "Cycles that have begun and not ended.").with()
        lastTimestamp.set(Double.nan)
        age.set(Double.nan)
    }

    /// A cycle begins; its number, from 1 on.
    func begin() -> Int {
        running.add(1)
        return state.withLock { state in
            state.number += 1
            // Under the lock, or of two that begin at once the first could have the last word.
            number.set(state.number)
            return state.number
        }
    }

    /// A cycle has ended.
    func end(_ result: Result, after duration: Duration, by time: any TimeSource) {
        durations[result]?.observe(max(.zero, duration))
        running.add(-1)
        lastTimestamp.set(Double(time.civilNow.nanosecondsSinceEpoch) / 1e9)
        state.withLock { $0.lastEnd = time.now }
    }

    /// Shows the age of the last cycle whenever somebody reads the metrics.
    func watch(_ sources: MetricsSources, _ time: any TimeSource) {
        sources.add { [self] in
            guard let last = state.withLock({ $0.lastEnd }) else { return }
            age.set(max(.zero, last.duration(to: time.now)))
        }
    }
}
