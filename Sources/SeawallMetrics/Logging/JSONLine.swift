internal import SeawallTime

/// One log event as a line of JSON, without the line feed.
enum JSONLine {
    /// The keys are those of the event, then of its correlation and span, then `fields`, each sorted by name.
    static func text(_ event: LogEvent) -> String {
        var parts = [
            pair("at", .text(event.at.iso8601Text)), pair("level", .text(event.level.name)),
            pair("part", .text(event.part)), pair("code", .text(event.code)),
        ]
        parts += sorted(event.correlation.attributes)
        if let span = event.span {
            parts += [pair("trace_id", .text(span.traceID)), pair("span_id", .text(span.spanID))]
        }
        if !event.fields.isEmpty { parts.append("\"fields\":{\(sorted(event.fields).joined(separator: ","))}") }
        return "{\(parts.joined(separator: ","))}"
    }

    private static func sorted(_ fields: [String: TraceValue]) -> [String] {
        fields.sorted { $0.key < $1.key }.map { pair($0.key, $0.value) }
    }

    private static func pair(_ key: String, _ value: TraceValue) -> String { "\(quoted(key)):\(json(value))" }

    private static func json(_ value: TraceValue) -> String {
        switch value {
        case .text(let text): quoted(text)
        case .whole(let number): "\(number)"
        case .number(let number) where number.isFinite: "\(number)"
        case .number(let number): quoted(number.isNaN ? "NaN" : number < 0 ? "-Inf" : "+Inf")
        case .flag(let flag): "\(flag)"
        }
    }

    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case "\0"..<" ":
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
