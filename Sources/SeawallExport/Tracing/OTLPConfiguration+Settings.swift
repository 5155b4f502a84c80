internal import Foundation
internal import SeawallMetrics
public import SeawallTime

extension OTLPConfiguration {
    /// The configuration as environment variables have it; nil where `GPT_TRADER_OTEL_ENABLED` is not 1 or true.
    ///
    /// `OTEL_SERVICE_NAME` (else `service.name` among the resource's attributes, else `gpt-trader`),
    /// `OTEL_EXPORTER_OTLP_ENDPOINT` (to which `v1/traces` is added; `http://localhost:4318`),
    /// `OTEL_EXPORTER_OTLP_HEADERS`, `…_TIMEOUT` (milliseconds, 10,000) and `…_PROTOCOL` (nothing but `http/json`), and for
    /// the last four a form for traces alone that goes first, such as `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`, which is taken
    /// as it is; `OTEL_RESOURCE_ATTRIBUTES`; `OTEL_BSP_SCHEDULE_DELAY` (milliseconds, 5,000),
    /// `OTEL_BSP_MAX_EXPORT_BATCH_SIZE` (512) and `OTEL_BSP_MAX_QUEUE_SIZE` (2,048). Headers and attributes are written
    /// `name=value,name=value`, what is special in a value as `%2C`. What is missing or empty has its default.
    ///
    /// - Parameter variables: names and values, for example `ProcessInfo.processInfo.environment`.
    /// - Throws: `InvalidFields` that lists every variable that makes no sense, no header shown. Where tracing is off none
    ///   but the switch is looked at.
    public static func configured(by variables: [String: String]) throws(InvalidFields) -> OTLPConfiguration? {
        var reader = SettingsReader(variables, subject: "OTLP exporter")
        let isOn = reader.flag("GPT_TRADER_OTEL_ENABLED") ?? false
        try reader.invalid.throwIfAny()
        guard isOn else { return nil }

        let resource = reader.pairs("OTEL_RESOURCE_ATTRIBUTES") ?? [:]
        let name = reader.value("OTEL_SERVICE_NAME", expected: "a text") { $0 } ?? resource["service.name"] ?? ""
        var made = OTLPConfiguration(
            serviceName: name.isEmpty ? "gpt-trader" : name, resource: resource.mapValues { .text($0) })
        if let url = reader.endpoint() { made.url = url }
        reader.checkProtocol()
        for scope in ["_TRACES", ""] {
            guard let headers = reader.pairs("OTEL_EXPORTER_OTLP\(scope)_HEADERS", isSecret: true) else { continue }
            // Names of headers know no letter case.
            let own = Set(made.headers.keys.map { $0.lowercased() })
            made.headers.merge(headers.filter { !own.contains($0.key.lowercased()) }) { own, _ in own }
        }
        let timeout =
            reader.milliseconds("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT")
            ?? reader.milliseconds("OTEL_EXPORTER_OTLP_TIMEOUT")
        if let timeout { made.timeout = timeout }
        if let delay = reader.milliseconds("OTEL_BSP_SCHEDULE_DELAY") { made.interval = delay }
        if let spans = reader.whole("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", in: 1...1_000_000) {
            made.batchSpans = spans
            made.queueSpans = max(made.queueSpans, spans)
        }
        if let spans = reader.whole("OTEL_BSP_MAX_QUEUE_SIZE", in: made.batchSpans...1_000_000) {
            made.queueSpans = spans
        }
        reader.noteFaults(of: made)
        try reader.invalid.throwIfAny()
        return made
    }
}

extension SettingsReader {
    private static let forms = ["OTEL_EXPORTER_OTLP_TRACES_", "OTEL_EXPORTER_OTLP_"]

    /// The address for traces, from the first endpoint that is set.
    fileprivate mutating func endpoint() -> String? {
        let traces = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
        if isSet(traces) { return address(traces, adding: "") }
        return address("OTEL_EXPORTER_OTLP_ENDPOINT", adding: "v1/traces")
    }

    private mutating func address(_ name: String, adding path: String) -> String? {
        var isGRPC = false
        let address = value(name, isSecret: true, expected: "http:// or https:// with a host") { text -> String? in
            guard var parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased() else { return nil }
            // Without a scheme the host reads as one.
            let isAtPort = parts.port == OTLPConfiguration.portOfGRPC || text.hasSuffix(":4317")
            if isAtPort || scheme.hasPrefix("grpc") {
                isGRPC = true
                return text
            }
            guard ["http", "https"].contains(scheme), parts.host?.isEmpty == false else { return nil }
            if !path.isEmpty { parts.path += (parts.path.hasSuffix("/") ? "" : "/") + path }
            return parts.string
        }
        if isGRPC {
            let problem = InvalidFields.Field(
                name: name, value: "an address of gRPC",
                expected: "http:// or https:// and " + OTLPConfiguration.expectedPort)
            note(InvalidFields(subject: "", fields: [problem]), as: [:])
        }
        return address
    }

    /// Notes a protocol that is not the one spoken.
    fileprivate mutating func checkProtocol() {
        for form in Self.forms where isSet(form + "PROTOCOL") {
            _ = value(form + "PROTOCOL", expected: "http/json, the one protocol that is spoken here, or none") { text in
                text.lowercased() == "http/json" ? text : nil
            }
            return
        }
    }

    fileprivate mutating func milliseconds(_ name: String) -> Duration? {
        whole(name, in: 1...86_400_000).map { .milliseconds($0) }
    }

    /// Names and values, as `name=value,name=value` with percent signs before what is special.
    fileprivate mutating func pairs(_ name: String, isSecret: Bool = false) -> [String: String]? {
        value(name, isSecret: isSecret, expected: "name=value,name=value, what is special in a value as %2C") { text in
            var pairs: [String: String] = [:]
            for part in text.split(separator: ",") where !part.allSatisfy(\.isWhitespace) {
                let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                let name = sides[0].trimmingCharacters(in: .whitespaces)
                guard sides.count == 2, !name.isEmpty,
                    let value = sides[1].trimmingCharacters(in: .whitespaces).removingPercentEncoding
                else { return nil }
                pairs[name] = value
            }
            return pairs
        }
    }

    /// Notes what only the whole configuration shows, by the names of the variables.
    fileprivate mutating func noteFaults(of made: OTLPConfiguration) {
        var found = InvalidFields(subject: "", fields: [])
        do { try made.validate() } catch { found = error }
        // An address that was read wrongly is named already.
        let isNamed = invalid.fields.contains { $0.name.hasSuffix("_ENDPOINT") }
        for index in found.fields.indices.reversed() {
            let name = found.fields[index].name
            if name.hasPrefix("headers") {
                found.fields[index].name = "OTEL_EXPORTER_OTLP_HEADERS" + name.dropFirst("headers".count)
            } else if name == "url" {
                found.fields[index].name = "OTEL_EXPORTER_OTLP_ENDPOINT"
                if isNamed { found.fields.remove(at: index) }
            }
        }
        note(found, as: [:])
    }

    private mutating func isSet(_ name: String) -> Bool { value(name, expected: "") { $0 } != nil }
}
