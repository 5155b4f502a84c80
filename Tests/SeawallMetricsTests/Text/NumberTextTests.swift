import SeawallMetrics
import SeawallTestSupport
import SeawallTime
import Testing

@Suite struct NumberTextTests {
    /// The value that the text gives for the only series of a metric.
    private func rendered(_ registry: MetricsRegistry, _ name: String) throws -> String {
        let samples = try ExpositionParser.parse(registry.prometheusText()).flatMap(\.samples)
        return try #require(samples.first { $0.name == name }).valueText
    }

    @Test(arguments: [
        (0.0, "0"), (-0.0, "0"), (1.0, "1"), (-3.0, "-3"), (0.1, "0.1"), (1e15, "1000000000000000"),
        (9_007_199_254_740_992.0, "9007199254740992"), (1e16, "1e+16"), (Double.leastNonzeroMagnitude, "5e-324"),
        (Double.greatestFiniteMagnitude, "1.7976931348623157e+308"), (.nan, "NaN"), (.infinity, "+Inf"),
        (-.infinity, "-Inf"),
    ])
    func gaugesAreWrittenAsTheFormatWants(value: Double, text: String) throws {
        let registry = MetricsRegistry()
        try registry.gauge("g", help: "").with().set(value)
        #expect(try rendered(registry, "seawall_g") == text)
    }

    @Test func randomNumbersReadBackTheSame() throws {
        var random = SeededGenerator(seed: 3, stream: "numbers")
        let registry = MetricsRegistry()
        let gauge = try registry.gauge("g", help: "").with()
        for _ in 0..<500 {
            let value = Double(bitPattern: random.next())
            gauge.set(value)
            let text = try rendered(registry, "seawall_g")
            if value.isFinite { #expect(Double(text) == value) }
        }
    }

    /// Seconds of a duration as decimal digits, by whole numbers alone.
    private func exactSeconds(_ nanoseconds: Int64) -> String {
        let digits = String(nanoseconds)
        let padded = String(repeating: "0", count: max(0, 10 - digits.count)) + digits
        var text = padded.dropLast(9) + "." + padded.suffix(9)
        while text.last == "0" { text.removeLast() }
        if text.last == "." { text.removeLast() }
        return String(text)
    }

    @Test func sumsOfDurationsAreWrittenExactly() throws {
        var random = SeededGenerator(seed: 4, stream: "durations")
        let registry = MetricsRegistry()
        let family = try registry.histogram("h", help: "", labels: ["i"], buckets: .durations([.seconds(1)]))
        var expected: [String: String] = [:]
        for index in 0..<300 {
            let nanoseconds = Int64(random.next() >> (1 + random.below(62)))
            family.with(["i": "\(index)"]).observe(.nanoseconds(nanoseconds))
            expected["\(index)"] = exactSeconds(nanoseconds)
        }
        for sample in try ExpositionParser.parse(registry.prometheusText()).flatMap(\.samples) {
            guard sample.name == "seawall_h_sum", let index = sample.labels["i"] else { continue }
            #expect(sample.valueText == expected.removeValue(forKey: index))
        }
        #expect(expected.isEmpty)
    }

    @Test(arguments: [100_000.0, 0.001, 12_977, 0.3, 86_400.5]) func gaugesOfDurationsAreDecimal(seconds: Double) throws
    {
        let registry = MetricsRegistry()
        try registry.gauge("g", help: "").with().set(Duration.nanoseconds(Int64((seconds * 1e9).rounded())))
        #expect(try Double(rendered(registry, "seawall_g")) == seconds)
    }

    @Test func boundsInDurationsAreWrittenExactly() throws {
        let registry = MetricsRegistry()
        let bounds = (1...199).map { Duration.milliseconds($0 * 7) } + [.seconds(100_000)]
        _ = try registry.histogram("h", help: "", buckets: .durations(bounds))
        let texts = try ExpositionParser.parse(registry.prometheusText()).flatMap(\.samples).compactMap {
            $0.labels["le"]
        }
        #expect(texts == (1...199).map { exactSeconds(Int64($0) * 7_000_000) } + ["100000", "+Inf"])
    }
}
