import SeawallMetrics
import SeawallTestSupport
import SeawallTime
import Testing

@Suite struct DecimalTextTests {
    private func written(_ value: Double) throws -> String {
        let registry = MetricsRegistry()
        try registry.gauge("g", help: "").with().set(value)
        let line = registry.prometheusText().split(separator: "\n").first { $0.hasPrefix("seawall_g ") }
        return String(try #require(line).dropFirst("seawall_g ".count))
    }

    /// The quick way for short decimals must give what the standard library gives.
    @Test func shortDecimalsAreWrittenAsTheStandardLibraryWritesThem() throws {
        var random = SeededGenerator(seed: 9, stream: "decimals")
        for _ in 0..<3_000 {
            let digits = Double(Int64(random.next() >> (14 + random.below(45))))
            let powers: [Double] = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e12]
            let value = (random.chance(0.5) ? 1 : -1) * digits / random.pick(powers)
            let text = try written(value)
            #expect(Double(text) == value)
            if value != value.rounded() { #expect(text == value.description) }
        }
    }

    @Test func wholeNumbersOfEveryLengthAreWritten() throws {
        let registry = MetricsRegistry()
        let counter = try registry.counter("c_total", help: "").with()
        var sum = 0
        for power in 0..<18 {
            let step = (0..<power).reduce(1) { power, _ in power * 10 } * 9
            counter.increment(by: step)
            sum += step
            #expect(registry.prometheusText().contains("\nseawall_c_total \(sum)\n"))
        }
    }

    /// The text is put together in pieces; where one ends must not be seen.
    @Test func textsLongerThanAPieceAreWhole() throws {
        let registry = MetricsRegistry()
        let help = String(repeating: "h", count: 20_000)
        let family = try registry.counter("c_total", help: help, labels: ["a"])
        for index in 0..<700 {
            family.with(["a": String(repeating: "v", count: index) + "\(index)"]).increment(by: index)
        }
        let families = try ExpositionParser.parse(registry.prometheusText())
        let read = try #require(families.first { $0.name == "seawall_c_total" })
        #expect(read.help == help)
        #expect(read.samples.count == 700)
        #expect(read.samples.reduce(0) { $0 + $1.value } == 244_650)
    }
}
