import SeawallMetrics
import SeawallTime

/// The instruments, the lookup of children, and the text.
enum MetricsCases {
    static func all() throws -> [BenchCase] {
        try counting() + observing() + looking() + [spanOff] + rendering()
    }

    /// A counter of its own for each number of threads: once two threads have met on it, it keeps a part for each.
    private static func counting() throws -> [BenchCase] {
        try [1, 2].map { threads in
            let counter = try MetricsRegistry().counter("calls_total", help: "Calls.").with()
            return BenchCase.sync(
                "metrics.counter", threads: threads, baseline: "baseline.atomic-add", note: "a handle's increment"
            ) { operations in
                for _ in 0..<operations { counter.increment() }
            }
        }
    }

    private static func observing() throws -> [BenchCase] {
        // Spread over the buckets, in an order that a branch predictor cannot learn from.
        let durations = (0..<1_024).map { Duration.microseconds(($0 * 7_919) % 1_024 * 12_000) }
        let numbers = (0..<1_024).map { Double(($0 * 7_919) % 1_024) * 0.012 }
        return try [1, 2].flatMap { threads in
            let registry = MetricsRegistry()
            let timed = try registry.histogram("call_seconds", help: "Duration of calls.").with()
            let plain = try registry.histogram(
                "size", help: "Sizes.",
                buckets: .numbers([0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10])
            ).with()
            return [
                BenchCase.sync(
                    "metrics.histogram", threads: threads, baseline: "baseline.atomic-add",
                    note: "a handle's observe of a number, 12 buckets"
                ) { operations in
                    numbers.withUnsafeBufferPointer { numbers in
                        for index in 0..<operations { plain.observe(numbers[index & 1_023]) }
                    }
                },
                BenchCase.sync(
                    "metrics.histogram-duration", threads: threads, baseline: "baseline.atomic-add",
                    note: "a handle's observe of a duration, 12 buckets"
                ) { operations in
                    durations.withUnsafeBufferPointer { durations in
                        for index in 0..<operations { timed.observe(durations[index & 1_023]) }
                    }
                },
            ]
        }
    }

    private static func looking() throws -> [BenchCase] {
        let paths = (0..<1_000).map { "/api/v1/resource/\($0)" }
        return try [1, 2].map { threads in
            let family = try MetricsRegistry().counter("lookups_total", help: "Calls.", labels: ["method", "path"])
            for path in paths { family.with(["method": "GET", "path": path]) }
            return BenchCase.sync(
                "metrics.child", threads: threads, baseline: "baseline.atomic-add",
                note: "a child by two labels among 1,000, then its increment"
            ) { operations in
                paths.withUnsafeBufferPointer { paths in
                    var next = 0
                    for _ in 0..<operations {
                        family.with(("method", "GET"), ("path", paths[next])).increment()
                        next = next == 999 ? 0 : next &+ 1
                    }
                }
            }
        }
    }

    private static var spanOff: BenchCase {
        BenchCase.sync(
            "trace.span-off", baseline: "baseline.atomic-add",
            note: "a span with two attributes while tracing is off, around an addition"
        ) { operations in
            let tracer = Tracer.off
            var value = 0
            for index in 0..<operations {
                value = tracer.span("cycle", ["cycle": .whole(index), "symbol": "BTCUSDT"]) { span in
                    span.set("result", .whole(value))
                    return value &+ index
                }
            }
            keep(value)
        }
    }

    private static func rendering() throws -> [BenchCase] {
        let whole = try filled { Double($0 * 37) }
        let fractional = try filled { Double($0) * 1.37 + 0.123456 }
        return [
            rendering("metrics.render", whole, .prometheus, "10,000 whole series into a reused buffer"),
            rendering("metrics.render-fractions", fractional, .prometheus, "10,000 fractional series, the same"),
            rendering("metrics.render-openmetrics", whole, .openMetrics, "10,000 whole series in OpenMetrics"),
        ]
    }

    private static func rendering(
        _ name: String, _ registry: MetricsRegistry, _ format: MetricsTextFormat, _ note: String
    ) -> BenchCase {
        let buffer = Lock<[UInt8]>([])
        return BenchCase.sync(name, baseline: "baseline.copy", note: note) { operations in
            for _ in 0..<operations {
                buffer.withLock { buffer in
                    buffer.removeAll(keepingCapacity: true)
                    registry.writeText(format, into: &buffer)
                }
            }
        }
    }

    /// Ten families of a thousand series.
    private static func filled(_ value: (Int) -> Double) throws -> MetricsRegistry {
        let registry = try MetricsRegistry(prefix: "bench_")
        for family in 0..<10 {
            let family = try registry.counter(
                "requests_\(family)_total", help: "Requests.", labels: ["method", "path"])
            for index in 0..<1_000 {
                let number = value(index)
                let counter = family.with(["method": "GET", "path": "/api/v1/resource/\(index)"])
                if let whole = Int(exactly: number) {
                    counter.increment(by: whole)
                } else {
                    counter.increment(by: number)
                }
            }
        }
        return registry
    }
}
