internal import SeawallTime

/// Writes one JSON object with its fields in the order given, so that equal runs give equal bytes.
struct JSONLine {
    private(set) var text = "{"
    private var isEmpty = true

    mutating func add(_ key: String, _ value: String?) {
        begin(key)
        if let value { appendQuoted(value) } else { text += "null" }
    }

    mutating func add(_ key: String, _ value: Int?) {
        begin(key)
        text += value.map(String.init) ?? "null"
    }

    mutating func add(_ key: String, _ value: Bool?) {
        begin(key)
        text += value.map { $0 ? "true" : "false" } ?? "null"
    }

    /// Seconds of the run's own clock, or null for never and for no instant.
    mutating func add(_ key: String, _ instant: MonotonicInstant?) {
        begin(key)
        if let instant, instant != .distantFuture { text += instant.secondsText } else { text += "null" }
    }

    mutating func add(_ key: String, seconds duration: Duration) {
        begin(key)
        text += MonotonicInstant(nanoseconds: duration.wholeNanoseconds).secondsText
    }

    mutating func add(_ key: String, _ values: [String]) {
        begin(key)
        text += "["
        for (index, value) in values.enumerated() {
            if index > 0 { text += "," }
            appendQuoted(value)
        }
        text += "]"
    }

    /// An object whose fields are written in the order of their names.
    mutating func add<Value>(
        _ key: String, object: [String: Value], _ write: (inout JSONLine, String, Value) -> Void
    ) {
        begin(key)
        var inner = JSONLine()
        for (name, value) in object.sorted(by: { $0.key < $1.key }) { write(&inner, name, value) }
        text += inner.closed
    }

    /// An array of objects.
    mutating func add<Element>(_ key: String, array: [Element], _ write: (inout JSONLine, Element) -> Void) {
        begin(key)
        text += "["
        for (index, element) in array.enumerated() {
            if index > 0 { text += "," }
            var inner = JSONLine()
            write(&inner, element)
            text += inner.closed
        }
        text += "]"
    }

    /// The finished object.
    var closed: String { text + "}" }

    private mutating func begin(_ key: String) {
        if !isEmpty { text += "," }
        isEmpty = false
        appendQuoted(key)
        text += ":"
    }

    private mutating func appendQuoted(_ value: String) {
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
