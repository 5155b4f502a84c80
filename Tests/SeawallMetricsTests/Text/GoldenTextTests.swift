import SeawallMetrics
import Testing

@Suite struct GoldenTextTests {
    @Test func everyKindOfMetricIsWrittenAsAlways() throws {
        let registry = try MetricsRegistry(prefix: "bot_", constantLabels: ["venue": "paper"])
        let orders = try registry.counter("orders_total", help: "Orders by result.", labels: ["result", "op"])
        orders.with(["op": "place", "result": "ok"]).increment(by: 3)
        orders.with(["result": "failed \"hard\"\\\n", "op": "cancel"]).increment(by: 0.5)
        let equity = try registry.gauge("equity", help: "What it is\nworth, \\ in \"dollars\".")
        equity.with().set(-1234.25)
        let limits = try registry.gauge("limits", help: "", labels: ["edge"])
        limits.with(["edge": "a"]).set(Double.nan)
        limits.with(["edge": "b"]).set(Double.infinity)
        limits.with(["edge": "c"]).set(-Double.infinity)
        let latency = try registry.histogram(
            "latency_seconds", help: "Time of a call.", buckets: .durations([.microseconds(500), .seconds(2)]))
        latency.with().observe(.microseconds(500))
        latency.with().observe(.milliseconds(1))
        latency.with().observe(.nanoseconds(2_000_000_001))
        let size = try registry.histogram("size", help: "Size.", labels: ["s"], buckets: .numbers([-1, 0.5, 1e21]))
        size.with(["s": "x"]).observe(0.25)
        _ = try registry.counter("idle_total", help: "Never counted.", labels: ["a"])
        let faulty = try registry.counter("faulty_total", help: "Counted wrongly.")
        faulty.with().increment(by: -1)

        #expect(
            registry.prometheusText() == #"""
                # HELP bot_equity What it is\nworth, \\ in "dollars".
                # TYPE bot_equity gauge
                bot_equity{venue="paper"} -1234.25
                # HELP bot_faulty_total Counted wrongly.
                # TYPE bot_faulty_total counter
                bot_faulty_total{venue="paper"} 0
                # HELP bot_idle_total Never counted.
                # TYPE bot_idle_total counter
                # HELP bot_latency_seconds Time of a call.
                # TYPE bot_latency_seconds histogram
                bot_latency_seconds_bucket{venue="paper",le="0.0005"} 1
                bot_latency_seconds_bucket{venue="paper",le="2"} 2
                bot_latency_seconds_bucket{venue="paper",le="+Inf"} 3
                bot_latency_seconds_sum{venue="paper"} 2.001500001
                bot_latency_seconds_count{venue="paper"} 3
                # HELP bot_limits \#("")
                # TYPE bot_limits gauge
                bot_limits{venue="paper",edge="a"} NaN
                bot_limits{venue="paper",edge="b"} +Inf
                bot_limits{venue="paper",edge="c"} -Inf
                # HELP bot_metrics_faults_total Wrong uses of a metric: refused updates, wrong labels, series past the limit.
                # TYPE bot_metrics_faults_total counter
                bot_metrics_faults_total{venue="paper",fault="refused_update",metric="bot_faulty_total"} 1
                # HELP bot_orders_total Orders by result.
                # TYPE bot_orders_total counter
                bot_orders_total{venue="paper",op="cancel",result="failed \"hard\"\\\n"} 0.5
                bot_orders_total{venue="paper",op="place",result="ok"} 3
                # HELP bot_size Size.
                # TYPE bot_size histogram
                bot_size_bucket{venue="paper",s="x",le="-1"} 0
                bot_size_bucket{venue="paper",s="x",le="0.5"} 1
                bot_size_bucket{venue="paper",s="x",le="1e+21"} 1
                bot_size_bucket{venue="paper",s="x",le="+Inf"} 1
                bot_size_sum{venue="paper",s="x"} 0.25
                bot_size_count{venue="paper",s="x"} 1

                """#)
    }

    @Test func theThreeFormsAreTheSameBytes() throws {
        let registry = MetricsRegistry()
        try registry.gauge("up", help: "Whether it runs 😀.").with().set(1)
        var buffer = Array("before\n".utf8)
        registry.writePrometheusText(into: &buffer)
        #expect(Array(registry.prometheusText().utf8) == registry.prometheusBytes())
        #expect(buffer == Array("before\n".utf8) + registry.prometheusBytes())
        #expect(MetricsRegistry.prometheusContentType == "text/plain; version=0.0.4; charset=utf-8")
    }

    @Test func theOrderOfRegistrationIsNotSeen() throws {
        func text(_ names: [String]) throws -> String {
            let registry = MetricsRegistry()
            for name in names {
                let family = try registry.counter("\(name)_total", help: "Same.", labels: ["x"])
                for value in names { family.with(["x": value]).increment() }
            }
            return registry.prometheusText()
        }
        let names = ["b", "a", "d", "c", "aa", "B"]
        #expect(try text(names) == text(names.reversed()))
        #expect(try text(names) == text(names.sorted()))
    }
}
