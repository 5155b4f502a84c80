import SeawallMetrics
import Testing

@Suite struct RegistrationTests {
    @Test func theSameRegistrationTwiceGivesTheSameFamily() throws {
        let registry = MetricsRegistry()
        let first = try registry.counter("c", help: "H.", labels: ["a", "b"])
        let second = try registry.counter("c", help: "H.", labels: ["b", "a"])
        #expect(first === second)
        #expect(first.with(["a": "1", "b": "2"]) === second.with(["b": "2", "a": "1"]))
        let buckets = HistogramBuckets.durations([.seconds(1)])
        let histogram = try registry.histogram("h", help: "", buckets: buckets)
        #expect(try registry.histogram("h", help: "", buckets: buckets) === histogram)
        let gauge = try registry.gauge("g", help: "")
        #expect(try registry.gauge("g", help: "") === gauge)
        #expect(first.name == "seawall_c")
    }

    @Test func aConflictNamesEveryDifference() throws {
        let registry = MetricsRegistry()
        _ = try registry.counter("c", help: "Old.", labels: ["a"])
        let error = #expect(throws: MetricsError.self) { _ = try registry.gauge("c", help: "New.", labels: ["b"]) }
        #expect(error?.code == .conflict)
        #expect(
            error?.problems == [
                "seawall_c: kind is counter, not gauge", "seawall_c: help is \"Old.\", not \"New.\"",
                "seawall_c: labels is [\"a\"], not [\"b\"]",
            ])
        #expect(try registry.counter("c", help: "Old.", labels: ["a"]).name == "seawall_c")
    }

    @Test func bucketsOfAnotherUnitOrSizeConflict() throws {
        let registry = MetricsRegistry()
        _ = try registry.histogram("h", help: "", buckets: .durations([.seconds(1)]))
        #expect(throws: MetricsError.self) { _ = try registry.histogram("h", help: "", buckets: .numbers([1])) }
        #expect(throws: MetricsError.self) {
            _ = try registry.histogram("h", help: "", buckets: .durations([.seconds(2)]))
        }
    }

    @Test(arguments: ["x", "x_bucket", "x_count", "x_sum"]) func noMetricWritesLinesThatBelongToAnother(
        name: String
    ) throws {
        let registry = MetricsRegistry()
        _ = try registry.histogram("x", help: "")
        let error = #expect(throws: MetricsError.self) { _ = try registry.counter(name, help: "") }
        #expect(error?.code == .conflict)
        let reversed = MetricsRegistry()
        _ = try reversed.counter(name, help: "")
        #expect(throws: MetricsError.self) { _ = try reversed.histogram("x", help: "") }
    }

    @Test func theMetricOfFaultsCannotBeTaken() {
        #expect(throws: MetricsError.self) { _ = try MetricsRegistry().counter("metrics_faults_total", help: "Mine.") }
    }

    @Test(arguments: ["a-b", "", "é", "a b", "a\n", "a\"", "9a", "a{"]) func namesOutsideTheGrammarAreRefused(
        name: String
    ) throws {
        let bare = try MetricsRegistry(prefix: "")
        let error = #expect(throws: MetricsError.self) { _ = try bare.gauge(name, help: "") }
        #expect(error?.code == .invalid)
    }

    @Test(arguments: [
        "a-b", "", "é", "9a", "a:b", "__a", "le", "quantile", "order_id", "client_id", "correlation_id", "venue",
        "client_order_id", "venue_id", "trace_id", "span_id", "intent", "intent_id",
    ])
    func labelsThatAreReservedOrWrongAreRefused(label: String) throws {
        let registry = try MetricsRegistry(prefix: "", constantLabels: ["venue": "v"])
        let error = #expect(throws: MetricsError.self) { _ = try registry.gauge("g", help: "", labels: ["ok", label]) }
        #expect(error?.code == .invalid)
        #expect(error?.problems.count == 1)
        #expect(registry.prometheusText().contains("\(label)=") == false)
    }

    @Test func oneErrorListsAllThatIsWrong() throws {
        let error = #expect(throws: MetricsError.self) {
            _ = try MetricsRegistry().histogram(
                "a b", help: "", labels: ["le", "x", "x", "order_id"],
                buckets: .numbers([1, .nan, 3, 2, .infinity]))
        }
        #expect(
            error?.problems == [
                "metric name \"seawall_a b\": expected [a-zA-Z_:][a-zA-Z0-9_:]*",
                "label \"le\": reserved by the text format",
                "label \"order_id\": an id would make a series for every value",
                "label \"x\": expected once, constant labels included",
                "bucket NaN: expected a finite number, for durations 0 to 292 years",
                "bucket 2: expected more than the bucket before it, 3",
                "bucket +Inf: expected a finite number, for durations 0 to 292 years",
            ])
    }

    @Test(arguments: [
        HistogramBuckets.numbers([]), .durations([]), .numbers([1, 1]), .durations([.seconds(2), .seconds(1)]),
        .durations([.seconds(-1)]), .durations([.seconds(Int64.max)]), .numbers([-.infinity]),
        .numbers((0..<201).map(Double.init)),
    ])
    func bucketsThatCannotBeUsedAreRefused(buckets: HistogramBuckets) {
        #expect(throws: MetricsError.self) { _ = try MetricsRegistry().histogram("h", help: "", buckets: buckets) }
    }

    @Test func aRegistryChecksItsOwnArguments() {
        let error = #expect(throws: MetricsError.self) {
            _ = try MetricsRegistry(
                prefix: "9 ", constantLabels: ["le": "1", "metric": "2", "ok": "3"], seriesLimit: 0)
        }
        #expect(error?.problems.count == 4)
        #expect(throws: Never.self) { _ = try MetricsRegistry(prefix: "", constantLabels: [:], seriesLimit: 1) }
    }
}
