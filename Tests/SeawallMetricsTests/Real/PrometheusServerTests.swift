#if os(Linux)
import Foundation
import SeawallMetrics
import SeawallTime
import SeawallTestSupport
import Testing

/// The real tools judge the text: `apt-get install --no-install-recommends prometheus`.
///
/// Where they are not installed these tests are skipped, and say so.
@Suite(.serialized) struct PrometheusServerTests {
    private func makeRegistry() throws -> MetricsRegistry {
        let registry = try MetricsRegistry(prefix: "seawall_", constantLabels: ["venue": "pa\"per\\"])
        let orders = try registry.counter("orders_total", help: "Orders by result.", labels: ["result", "side"])
        orders.with(["result": "ok", "side": "buy"]).increment(by: 3)
        orders.with(["result": "a\n\"b\"\\ \0 {},= \u{1F600}", "side": "sell"]).increment(by: 0.1)
        orders.with(["result": "traced", "side": "buy"]).increment(exemplar: ["trace_id": "7"])
        let limits = try registry.gauge("limit_ratio", help: "A \\ and a\nline.", labels: ["edge"])
        for (edge, value) in [
            ("pi", 3.141592653589793), ("tiny", Double.leastNonzeroMagnitude), ("huge", 1.7976931348623157e308),
        ] {
            limits.with(["edge": edge]).set(value)
        }
        limits.with(["edge": "infinite"]).set(Double.infinity)
        let latency = try registry.histogram("latency_seconds", help: "Time of a call.", labels: ["op"])
        for milliseconds in [1, 7, 30, 20_000] {
            latency.with(["op": "place"]).observe(
                .milliseconds(milliseconds), exemplar: ["trace_id": "\(milliseconds)"])
        }
        let change = try registry.histogram(
            "change", help: "May fall.", buckets: .linear(from: -1.0, width: 0.5, count: 5))
        change.with().observe(-0.25)
        try registry.info("build", help: "What runs.", ["version": "1.0"])
        try registry.stateSet("breaker", help: "State.", states: ["closed", "open"], labels: ["name"])
            .with(["name": "orders"]).set("open")
        try registry.addProcessMetrics()
        return registry
    }

    @Test(
        .enabled(
            if: PrometheusTools.promtool != nil, "promtool is not installed here: the text is not checked by it"))
    func promtoolFindsNothingToSay() throws {
        let registry = try makeRegistry()
        let (said, status) = try PrometheusTools.runPromtool(
            try #require(PrometheusTools.promtool), ["check", "metrics"], input: Data(registry.prometheusBytes()))
        // It advises against the megabytes that the dashboards of old want, and against no help.
        let lines = said.split(separator: "\n").filter { !$0.hasPrefix("seawall_process_memory_mb ") }
        #expect(lines.isEmpty, "\(said)")
        #expect(status == 0 || status == 3, "\(said)")
    }

    @Test(
        .enabled(
            if: PrometheusTools.prometheus != nil,
            "prometheus is not installed here: no real server scrapes the text"),
        .timeLimit(.minutes(30)), arguments: MetricsTextFormat.allCases)
    func aRealServerReadsWhatWasMeasured(format: MetricsTextFormat) async throws {
        let registry = try makeRegistry()
        let isOpen = format == .openMetrics
        let page = try MetricsPage(registry, onlyPrometheus: !isOpen)
        defer { page.close() }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("seawall-\(SystemRandom().next())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let configuration = """
            global: {scrape_interval: 1s, scrape_timeout: 1s}
            scrape_configs: [{job_name: seawall, static_configs: [{targets: ["127.0.0.1:\(page.port)"]}]}]

            """
        try Data(configuration.utf8).write(to: folder.appendingPathComponent("prometheus.yml"))
        let port = try LoopbackSocket.freePort()
        let server = Process()
        server.executableURL = URL(fileURLWithPath: try #require(PrometheusTools.prometheus))
        server.arguments = [
            "--config.file=\(folder.path)/prometheus.yml", "--storage.tsdb.path=\(folder.path)/data",
            "--web.listen-address=127.0.0.1:\(port)", "--log.level=error",
        ]
        server.standardOutput = FileHandle.nullDevice
        server.standardError = FileHandle.nullDevice
        try server.run()
        defer {
            server.terminate()
            server.waitUntilExit()
        }
        let query = "/api/v1/query?query=%7Bjob%3D%22seawall%22%7D"
        var series: [ServerAnswer.Series] = []
        // A server of another process has no other sign of having scraped than that it answers.
        for _ in 0..<200 where !series.contains(where: { $0.metric["__name__"] == "up" && $0.number == 1 }) {
            try await SystemTime().sleep(for: .milliseconds(250))
            let body = LoopbackSocket.get(query, port: port)
            series = (try? JSONDecoder().decode(ServerAnswer.self, from: Data(body)))?.data.result ?? []
        }
        #expect(page.lastFormat == format)
        var read: [[String: String]: Double] = [:]
        for one in series where one.metric["__name__"]?.hasPrefix("seawall_") == true {
            read[one.metric.filter { $0.key != "job" && $0.key != "instance" }] = one.number
        }
        let written =
            try isOpen
            ? ExpositionParser.parseOpenMetrics(registry.openMetricsText())
            : ExpositionParser.parse(registry.prometheusText())
        var expected: [[String: String]: Double] = [:]
        for sample in written.flatMap(\.samples) where sample.name.hasPrefix("seawall_") {
            // A label that is empty is none.
            let labels = sample.labels.filter { !$0.value.isEmpty }
            expected[labels.merging(["__name__": sample.name]) { $1 }] = sample.value
        }
        // What changes from one reading to the next.
        for key in Set(read.keys).union(expected.keys) where key["__name__"] == "seawall_process_memory_mb" {
            #expect(read[key] != nil && expected[key] != nil)
            (read[key], expected[key]) = (nil, nil)
        }
        #expect(read == expected)
        #expect(read.count > 30)
    }
}

private struct ServerAnswer: Decodable {
    struct Series: Decodable {
        enum Part: Decodable {
            case time(Double)
            case text(String)

            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                if let text = try? container.decode(String.self) {
                    self = .text(text)
                } else {
                    self = .time(try container.decode(Double.self))
                }
            }
        }

        var metric: [String: String]
        var value: [Part]

        var number: Double? {
            guard case .text(let text) = value.last else { return nil }
            return text == "+Inf" ? .infinity : Double(text)
        }
    }

    struct Result: Decodable {
        var result: [Series]
    }

    var data: Result
}
#endif
