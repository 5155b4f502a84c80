import SeawallMetrics
import SeawallTestSupport
import SeawallTime
import Testing

@Suite struct OpenMetricsGoldenTests {
    private func makeRegistry() throws -> MetricsRegistry {
        let civil = CivilInstant(nanosecondsSinceEpoch: 1_678_406_400_250_000_000)
        let registry = try MetricsRegistry(
            prefix: "bot_", constantLabels: ["venue": "paper"], time: ManualTime(civil: civil))
        let orders = try registry.counter("orders_total", help: "Orders \"by\" result.", labels: ["result"])
        orders.with(["result": "ok"]).increment(by: 3)
        orders.with(["result": "failed"]).increment(
            exemplar: ["trace_id": "ab\"c"], at: CivilInstant(nanosecondsSinceEpoch: 1_500_000_000))
        try registry.gauge("equity_dollars", help: "Equity.").with().set(-1234.25)
        let latency = try registry.histogram(
            "latency_seconds", help: "Time of a call.", buckets: .durations([.milliseconds(500), .seconds(2)]))
        latency.with().observe(.milliseconds(250), exemplar: ["order_id": "7"])
        latency.with().observe(.seconds(3))
        let change = try registry.histogram("change", help: "May fall.", buckets: .numbers([-1, 1]))
        change.with().observe(-2)
        try registry.info("build", help: "What runs.", ["version": "1.2"])
        let breaker = try registry.stateSet("breaker", help: "State.", states: ["closed", "open"], labels: ["name"])
        breaker.with(["name": "orders"]).set("open")
        _ = try registry.stateSet("mode", help: "Mode.", states: ["a", "b"], stateLabel: "state")
        return registry
    }

    @Test func openMetricsIsWrittenAsAlways() throws {
        let text = try makeRegistry().openMetricsText()
        #expect(
            text == #"""
                # HELP bot_breaker State.
                # TYPE bot_breaker stateset
                bot_breaker{venue="paper",name="orders",bot_breaker="closed"} 0
                bot_breaker{venue="paper",name="orders",bot_breaker="open"} 1
                # HELP bot_build What runs.
                # TYPE bot_build info
                bot_build_info{venue="paper",version="1.2"} 1
                # HELP bot_change May fall.
                # TYPE bot_change histogram
                bot_change_bucket{venue="paper",le="-1.0"} 1
                bot_change_bucket{venue="paper",le="1.0"} 1
                bot_change_bucket{venue="paper",le="+Inf"} 1
                bot_change_created{venue="paper"} 1678406400.25
                # HELP bot_equity_dollars Equity.
                # TYPE bot_equity_dollars gauge
                # UNIT bot_equity_dollars dollars
                bot_equity_dollars{venue="paper"} -1234.25
                # HELP bot_latency_seconds Time of a call.
                # TYPE bot_latency_seconds histogram
                # UNIT bot_latency_seconds seconds
                bot_latency_seconds_bucket{venue="paper",le="0.5"} 1 # {order_id="7"} 0.25
                bot_latency_seconds_bucket{venue="paper",le="2.0"} 1
                bot_latency_seconds_bucket{venue="paper",le="+Inf"} 2
                bot_latency_seconds_sum{venue="paper"} 3.25
                bot_latency_seconds_count{venue="paper"} 2
                bot_latency_seconds_created{venue="paper"} 1678406400.25
                # HELP bot_metrics_faults Wrong uses of a metric: refused updates, wrong labels, series past the limit.
                # TYPE bot_metrics_faults counter
                # HELP bot_mode Mode.
                # TYPE bot_mode gauge
                bot_mode{venue="paper",state="a"} 1
                bot_mode{venue="paper",state="b"} 0
                # HELP bot_orders Orders \"by\" result.
                # TYPE bot_orders counter
                bot_orders_total{venue="paper",result="failed"} 1 # {trace_id="ab\"c"} 1 1.5
                bot_orders_created{venue="paper",result="failed"} 1678406400.25
                bot_orders_total{venue="paper",result="ok"} 3
                bot_orders_created{venue="paper",result="ok"} 1678406400.25
                # EOF

                """#)
        let families = try ExpositionParser.parseOpenMetrics(text)
        #expect(families.first { $0.name == "bot_orders" }?.samples.first?.exemplar?.labels == ["trace_id": "ab\"c"])
    }

    @Test func theOlderFormatHasTheSameValuesWithoutTheNewParts() throws {
        let text = try makeRegistry().prometheusText()
        let families = try ExpositionParser.parse(text)
        #expect(families.first { $0.name == "bot_build_info" }?.kind == "gauge")
        #expect(families.first { $0.name == "bot_breaker" }?.samples.map(\.value) == [0, 1])
        #expect(text.contains("# HELP bot_orders_total Orders \"by\" result.\n"))
        #expect(text.contains("bot_orders_total{venue=\"paper\",result=\"failed\"} 1\n"))
        for part in ["# EOF", "# UNIT", "_created", "trace_id"] { #expect(!text.contains(part)) }
    }

    @Test func whatNoExemplarMayHaveIsRefusedAndTheUpdateCounts() throws {
        let registry = MetricsRegistry()
        let counter = try registry.counter("c_total", help: "").with()
        let histogram = try registry.histogram("h", help: "").with()
        let long = String(repeating: "x", count: 128)
        for labels in [Labels(["a": long]), Labels(["a b": "1"]), Labels([("a", "1"), ("a", "2")])] {
            counter.increment(exemplar: labels)
            histogram.observe(.seconds(1), exemplar: labels)
        }
        #expect(counter.value == 3)
        #expect(histogram.count == 3)
        #expect(registry.snapshot().counters.filter { $0.name.hasSuffix("faults_total") }.map(\.value) == [3, 3])
        #expect(!registry.openMetricsText().contains(" # {"))
        counter.increment(exemplar: ["a": String(long.dropLast())])
        #expect(registry.openMetricsText().contains(" # {a=\"xxx"))
    }
}
