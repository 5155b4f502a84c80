/// What the text format and this registry allow as names.
enum NameRules {
    /// Labels that would make a series for every order or call.
    static let identifiers: Set = [
        "client_id", "client_order_id", "correlation_id", "intent", "intent_id", "order_id", "span_id", "trace_id",
        "venue_id",
    ]

    /// Labels that the format uses for itself.
    static let reserved = ["le", "quantile"]

    static func metricNameProblem(_ name: String) -> String? {
        if isName(name, allowingColon: true) { return nil }
        return "metric name \(quoted(name)): expected [a-zA-Z_:][a-zA-Z0-9_:]*"
    }

    static func prefixProblem(_ prefix: String) -> String? {
        if prefix.isEmpty || isName(prefix, allowingColon: true) { return nil }
        return "prefix \(quoted(prefix)): expected nothing or [a-zA-Z_:][a-zA-Z0-9_:]*"
    }

    static func labelProblems(_ names: [String], besides constant: [String]) -> [String] {
        var problems: [String] = []
        var seen = Set(constant)
        for name in names {
            if !isName(name, allowingColon: false) {
                problems.append("label \(quoted(name)): expected [a-zA-Z_][a-zA-Z0-9_]*")
            } else if name.hasPrefix("__") {
                problems.append("label \(quoted(name)): names that begin with __ are reserved")
            } else if reserved.contains(name) {
                problems.append("label \(quoted(name)): reserved by the text format")
            } else if identifiers.contains(name) {
                problems.append("label \(quoted(name)): an id would make a series for every value")
            }
            if !seen.insert(name).inserted {
                problems.append("label \(quoted(name)): expected once, constant labels included")
            }
        }
        return problems
    }

    /// The longest value of a label, in bytes of UTF-8.
    static let longestValue = 1_024

    static func valueProblems(_ labels: Labels) -> [String] {
        zip(labels.names, labels.values).compactMap { name, value in
            let count = value.utf8.count
            guard count > longestValue else { return nil }
            return "label \(quoted(name)): its value has \(count) bytes, expected at most \(longestValue)"
        }
    }

    /// Whether these can be the labels of an exemplar, which may hold ids.
    static func areLabels(_ names: [String]) -> Bool {
        Set(names).count == names.count && names.allSatisfy { isName($0, allowingColon: false) }
    }

    static func unitProblem(_ unit: String, of name: String) -> String? {
        if isName("_" + unit, allowingColon: false), !unit.isEmpty, name.hasSuffix("_" + unit) { return nil }
        return "unit \(quoted(unit)): expected the end of the name \(quoted(name)), without _total"
    }

    static func stateProblems(_ states: [String], label: String, besides labels: [String]) -> [String] {
        var problems: [String] = []
        if states.isEmpty || states.count > 100 { problems.append("\(states.count) states: expected 1 to 100") }
        if Set(states).count != states.count {
            problems.append("states \(states.map { quoted($0) }.joined(separator: ", ")): expected each once")
        }
        for state in states where state.utf8.count > longestValue {
            problems.append("state \(quoted(state)): \(state.utf8.count) bytes, expected at most \(longestValue)")
        }
        if labels.contains(label) { problems.append("label \(quoted(label)): expected once, the states' own included") }
        return problems
    }

    private static func isName(_ name: String, allowingColon: Bool) -> Bool {
        guard let first = name.utf8.first, !isDigit(first) else { return false }
        return name.utf8.allSatisfy { byte in
            isDigit(byte) || isLetter(byte) || byte == UInt8(ascii: "_")
                || (allowingColon && byte == UInt8(ascii: ":"))
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    private static func isLetter(_ byte: UInt8) -> Bool {
        let lowercased = byte | 0x20
        return lowercased >= UInt8(ascii: "a") && lowercased <= UInt8(ascii: "z")
    }

    /// The name as a message may show it: short, and in one line.
    private static func quoted(_ name: String) -> String { String(reflecting: String(name.prefix(80))) }
}
