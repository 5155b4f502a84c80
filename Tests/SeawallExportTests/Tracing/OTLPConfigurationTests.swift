import SeawallExport
import SeawallMetrics
import SeawallTime
import Testing

@Suite struct OTLPConfigurationTests {
    private func configured(_ variables: [String: String]) throws(InvalidFields) -> OTLPConfiguration? {
        try OTLPConfiguration.configured(by: variables.merging(["GPT_TRADER_OTEL_ENABLED": "1"]) { own, _ in own })
    }

    private func fields(_ variables: [String: String]) -> [String: String] {
        do {
            _ = try configured(variables)
            return [:]
        } catch {
            return Dictionary(error.fields.map { ($0.name, "\($0.value), expected \($0.expected)") }) { "\($0) \($1)" }
        }
    }

    @Test(arguments: [nil, "", "0", "false", "FALSE"]) func itIsOffUnlessSwitchedOn(text: String?) throws {
        var variables = ["OTEL_EXPORTER_OTLP_ENDPOINT": "nonsense"]
        variables["GPT_TRADER_OTEL_ENABLED"] = text
        #expect(try OTLPConfiguration.configured(by: variables) == nil)
        #expect(try OTLPExporter(variables: variables) == nil)
    }

    @Test func aSwitchThatIsNeitherIsNamed() {
        #expect(fields(["GPT_TRADER_OTEL_ENABLED": "maybe"]).keys.sorted() == ["GPT_TRADER_OTEL_ENABLED"])
    }

    @Test func theDefaultsAreACollectorOnThisMachine() throws {
        let made = try #require(try configured([:]))
        #expect(made.url == "http://localhost:4318/v1/traces" && made.serviceName == "gpt-trader")
        #expect(made.timeout == .seconds(10) && made.interval == .seconds(5))
        #expect(made.batchSpans == 512 && made.queueSpans == 2_048 && made.headers.isEmpty && made.resource.isEmpty)
        #expect(try OTLPExporter(variables: ["GPT_TRADER_OTEL_ENABLED": "true"])?.status.waiting == 0)
    }

    @Test func everyVariableIsRead() throws {
        let made = try #require(
            try configured([
                "OTEL_SERVICE_NAME": "bot 7", "OTEL_EXPORTER_OTLP_ENDPOINT": "https://collector.example/base?k=1",
                "OTEL_EXPORTER_OTLP_HEADERS": "Authorization=Bearer%20abc%2Cd, X-Two = 2 ,,authorization2=",
                "OTEL_EXPORTER_OTLP_TIMEOUT": "2500", "OTEL_EXPORTER_OTLP_PROTOCOL": "http/json",
                "OTEL_RESOURCE_ATTRIBUTES": "service.name=other,deployment.environment=paper,a=b=c",
                "OTEL_BSP_SCHEDULE_DELAY": "100", "OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "9",
                "OTEL_BSP_MAX_QUEUE_SIZE": "10",
            ]))
        #expect(made.serviceName == "bot 7")
        #expect(made.url == "https://collector.example/base/v1/traces?k=1")
        #expect(made.headers == ["Authorization": "Bearer abc,d", "X-Two": "2", "authorization2": ""])
        #expect(made.timeout == .milliseconds(2_500) && made.interval == .milliseconds(100))
        #expect(made.batchSpans == 9 && made.queueSpans == 10)
        #expect(made.resource == ["service.name": "other", "deployment.environment": "paper", "a": "b=c"])
    }

    @Test func whatIsForTracesAloneGoesFirst() throws {
        let made = try #require(
            try configured([
                "OTEL_EXPORTER_OTLP_ENDPOINT": "http://a:4317", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://b:4318/t",
                "OTEL_EXPORTER_OTLP_HEADERS": "x-key=1,y=2", "OTEL_EXPORTER_OTLP_TRACES_HEADERS": "X-Key=3",
                "OTEL_EXPORTER_OTLP_TIMEOUT": "1", "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT": "7",
                "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL": "http/json",
                "OTEL_RESOURCE_ATTRIBUTES": "service.name=from-resource",
            ]))
        #expect(made.url == "http://b:4318/t" && made.headers == ["X-Key": "3", "y": "2"])
        #expect(made.timeout == .milliseconds(7) && made.serviceName == "from-resource")
    }

    @Test(arguments: [
        "http://localhost:4317", "https://collector.example:4317/v1/traces", "localhost:4317", "grpc://host:9999",
    ]) func aPortOfGRPCSaysWhatToDo(address: String) throws {
        for name in ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] {
            let found = fields([name: address])
            #expect(found.keys.sorted() == [name])
            #expect(found[name]?.contains("port 4318, where collectors take OTLP over HTTP with JSON") == true)
        }
    }

    @Test func thePortOfGRPCIsRefusedInCodeToo() {
        let error = #expect(throws: InvalidFields.self) {
            try OTLPConfiguration(url: "http://localhost:4317/v1/traces", serviceName: "x").validate()
        }
        #expect(error?.fields.map(\.name) == ["url"] && error?.description.contains("4318") == true)
    }

    @Test func everyBadVariableIsNamedAndNoSecretShown() {
        let found = fields([
            "OTEL_EXPORTER_OTLP_ENDPOINT": "ftp://user:secret@h/", "OTEL_EXPORTER_OTLP_HEADERS": "secret",
            "OTEL_EXPORTER_OTLP_TIMEOUT": "soon", "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
            "OTEL_RESOURCE_ATTRIBUTES": "a=%ZZ", "OTEL_BSP_SCHEDULE_DELAY": "-1", "OTEL_BSP_MAX_QUEUE_SIZE": "1",
        ])
        #expect(
            found.keys.sorted() == [
                "OTEL_BSP_MAX_QUEUE_SIZE", "OTEL_BSP_SCHEDULE_DELAY", "OTEL_EXPORTER_OTLP_ENDPOINT",
                "OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_TIMEOUT",
                "OTEL_RESOURCE_ATTRIBUTES",
            ])
        #expect(!found.values.contains { $0.contains("secret") })
        let headers = fields(["OTEL_EXPORTER_OTLP_HEADERS": "a b=1,X=secret%0A"])
        #expect(headers.keys.sorted() == ["OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_HEADERS.X"])
        #expect(!headers.values.contains { $0.contains("secret") })
    }

    @Test func everyBadFieldIsListed() {
        let error = #expect(throws: InvalidFields.self) {
            try OTLPExporter(
                OTLPConfiguration(
                    url: "http://", serviceName: "", headers: ["a b": ""], timeout: .zero, interval: .seconds(-1),
                    batchSpans: 0, queueSpans: -1, batchBytes: 0, queueBytes: -1, longestText: 0))
        }
        #expect(
            error?.fields.map(\.name) == [
                "url", "serviceName", "headers", "timeout", "interval", "batchSpans", "queueSpans", "batchBytes",
                "queueBytes", "longestText",
            ])
    }
}
