import SeawallMetrics

/// The instruments.
enum MetricsCases {
    static func all() throws -> [BenchCase] {
        let registry = try MetricsRegistry(prefix: "bench_")
        let counter = try registry.counter("calls_total", help: "Calls.").with()
        let histogram = try registry.histogram("call_seconds", help: "Duration of calls.").with()
        // Spread over the buckets, in an order that a branch predictor cannot learn from.
        let durations = (0..<1_024).map { Duration.microseconds(($0 * 7_919) % 1_024 * 12_000) }
        let counting = BenchCase.sync(
            "metrics.counter", onThreads: [1, 2], baseline: "baseline.atomic-add", note: "a handle's increment"
        ) { operations in
            for _ in 0..<operations { counter.increment() }
        }
        let observing = BenchCase.sync(
            "metrics.histogram", onThreads: [1, 2], baseline: "baseline.atomic-add",
            note: "a handle's observe of a duration, default buckets"
        ) { operations in
            for index in 0..<operations { histogram.observe(durations[index & 1_023]) }
        }
        return counting + observing
    }
}
