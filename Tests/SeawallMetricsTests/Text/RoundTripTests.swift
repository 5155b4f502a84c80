import SeawallMetrics
import SeawallTestSupport
import SeawallTime
import Testing

/// A naive image of a registry: plain lists, compared with what the strict parser reads back.
private struct RegistryModel {
    struct Metric {
        var kind: String
        var help: String
        var labels: [String]
        var bounds: [Double]
        var observations: [[String: String]: [Double]] = [:]
    }

    var metrics: [String: Metric] = [:]
}

@Suite struct RoundTripTests {
    @Test(arguments: 0..<40) func whatIsRenderedReadsBackAsItWas(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed, stream: "registry")
        let registry = try MetricsRegistry(
            prefix: random.pick(["", "seawall_", "a:b_"]), constantLabels: ["zone": random.nastyText()])
        var model = RegistryModel()
        for index in 0..<(1 + Int(random.below(6))) {
            let labels = Array(["op", "result", "a_1"].prefix(Int(random.below(4))))
            let name = "m\(index)"
            var metric = RegistryModel.Metric(kind: "", help: random.nastyText(), labels: labels, bounds: [])
            switch random.below(3) {
            case 0:
                metric.kind = "counter"
                let family = try registry.counter(name, help: metric.help, labels: labels)
                fill(&metric, &random) { labels, value in family.with(labels).increment(by: abs(value)) }
                metric.observations = metric.observations.mapValues { $0.map(abs) }
            case 1:
                metric.kind = "gauge"
                let family = try registry.gauge(name, help: metric.help, labels: labels)
                fill(&metric, &random) { labels, value in family.with(labels).add(value) }
            default:
                metric.kind = "histogram"
                metric.bounds = [-8, -0.5, 0, 3.25, 100]
                let family = try registry.histogram(
                    name, help: metric.help, labels: labels, buckets: .numbers(metric.bounds))
                fill(&metric, &random) { labels, value in family.with(labels).observe(value) }
            }
            model.metrics[registry.prefix + name] = metric
        }
        let families = try ExpositionParser.parse(registry.prometheusText())
        #expect(families.map(\.name) == families.map(\.name).sorted())
        #expect(Set(families.map(\.name)) == Set(model.metrics.keys).union([registry.prefix + "metrics_faults_total"]))
        for family in families {
            guard let metric = model.metrics[family.name] else { continue }
            #expect(family.kind == metric.kind)
            #expect(family.help == SeededGenerator.shown(metric.help))
            compare(family, metric, zone: SeededGenerator.shown(registry.constantLabels.values[0]))
        }
        let open = try ExpositionParser.parseOpenMetrics(registry.openMetricsText())
        #expect(open.count == families.count)
        for family in open {
            guard let metric = model.metrics[family.name] else { continue }
            #expect(family.kind == metric.kind)
            #expect(family.help == SeededGenerator.shown(metric.help))
            compare(family, metric, zone: SeededGenerator.shown(registry.constantLabels.values[0]), isOpen: true)
        }
    }

    private func fill(
        _ metric: inout RegistryModel.Metric, _ random: inout SeededGenerator, update: (Labels, Double) -> Void
    ) {
        // A metric without labels has its series from the start.
        if metric.labels.isEmpty { metric.observations[[:]] = [] }
        for _ in 0..<random.below(20) {
            var pairs = metric.labels.map { ($0, random.nastyText()) }
            if random.chance(0.5) { pairs.reverse() }
            // Eighths add up without rounding, in any order.
            let value = Double(Int64(random.below(2_000)) - 1_000) / 8
            let shown = pairs.map { ($0.0, SeededGenerator.shown($0.1)) }
            metric.observations[Dictionary(uniqueKeysWithValues: shown), default: []].append(value)
            update(Labels(pairs), value)
        }
    }

    private func compare(
        _ family: ExpositionParser.Family, _ metric: RegistryModel.Metric, zone: String, isOpen: Bool = false
    ) {
        var expected: [String: [[String: String]: Double]] = [:]
        for (labels, values) in metric.observations {
            let all = labels.merging(["zone": zone]) { $1 }
            let sum = values.reduce(0, +)
            guard metric.kind == "histogram" else {
                expected[family.name + (isOpen && metric.kind == "counter" ? "_total" : ""), default: [:]][all] = sum
                continue
            }
            // Bounds under zero: OpenMetrics has no sum then, and no count without one.
            if !isOpen {
                expected[family.name + "_sum", default: [:]][all] = sum
                expected[family.name + "_count", default: [:]][all] = Double(values.count)
            }
            for bound in metric.bounds + [.infinity] {
                let text =
                    bound == .infinity ? "+Inf" : bound == bound.rounded() && !isOpen ? "\(Int(bound))" : "\(bound)"
                expected[family.name + "_bucket", default: [:]][all.merging(["le": text]) { $1 }] =
                    Double(values.filter { $0 <= bound }.count)
            }
        }
        var actual: [String: [[String: String]: Double]] = [:]
        for sample in family.samples where !sample.name.hasSuffix("_created") {
            actual[sample.name, default: [:]][sample.labels] = sample.value
        }
        #expect(actual == expected)
    }
}
