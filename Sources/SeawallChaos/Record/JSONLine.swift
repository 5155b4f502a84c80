internal import SeawallTime

/// Writes one JSON object after the other into one buffer, with the fields in the order given.
///
/// Equal records give equal bytes. The buffer is kept from line to line, so that a line allocates nothing of its own.
struct JSONLine {
    private(set) var bytes: [UInt8] = []

    /// What was written, as text.
    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Forgets the last line and begins a new one.
    mutating func open() {
        bytes.removeAll(keepingCapacity: true)
        append("{")
    }

    /// Ends the line.
    mutating func close() { append("}") }

    mutating func add(_ key: StaticString, _ value: String?) {
        begin(key)
        if let value { appendQuoted(value) } else { append("null") }
    }

    mutating func add(_ key: StaticString, _ value: Int?) {
        begin(key)
        if let value { append(value) } else { append("null") }
    }

    mutating func add(_ key: StaticString, _ value: UInt64) {
        begin(key)
        append(UInt(value), digits: 1)
    }

    mutating func add(_ key: StaticString, _ value: Bool) {
        begin(key)
        append(value ? "true" : "false")
    }

    /// Seconds of the run's own clock, or null for never and for no instant.
    mutating func add(_ key: StaticString, _ instant: MonotonicInstant?) {
        begin(key)
        if let instant, instant != .distantFuture { append(seconds: instant.nanoseconds) } else { append("null") }
    }

    mutating func add(_ key: StaticString, seconds duration: Duration) {
        begin(key)
        append(seconds: duration.wholeNanoseconds)
    }

    mutating func add(_ key: StaticString, _ values: [String]) {
        begin(key)
        append("[")
        for value in values {
            separate()
            appendQuoted(value)
        }
        append("]")
    }

    /// An object whose fields are written in the order of their names.
    mutating func add<Value>(
        _ key: StaticString, object: [String: Value], _ write: (inout JSONLine, Value) -> Void
    ) {
        begin(key)
        append(object: object, write)
    }

    /// An object whose fields are written in the order of their names.
    mutating func append<Value>(object: [String: Value], _ write: (inout JSONLine, Value) -> Void) {
        append("{")
        // Most objects have one field or two, and sorting costs more than writing.
        for (name, value) in object.count > 1 ? object.sorted(by: { $0.key < $1.key }) : Array(object) {
            separate()
            appendQuoted(name)
            append(":")
            write(&self, value)
        }
        append("}")
    }

    /// An array of objects.
    mutating func add<Element>(
        _ key: StaticString, array: [Element], _ write: (inout JSONLine, Element) -> Void
    ) {
        begin(key)
        append(array: array, write)
    }

    /// An array of objects.
    mutating func append<Element>(array: [Element], _ write: (inout JSONLine, Element) -> Void) {
        append("[")
        for element in array {
            separate()
            append("{")
            write(&self, element)
            append("}")
        }
        append("]")
    }

    mutating func append(_ number: Int) {
        if number < 0 { append("-") }
        append(number.magnitude, digits: 1)
    }

    mutating func appendQuoted(_ value: String) {
        append("\"")
        var value = value
        value.withUTF8 { text in
            if text.contains(where: { $0 < 0x20 || $0 == 0x22 || $0 == 0x5c }) {
                for byte in text { append(escaping: byte) }
            } else {
                bytes.append(contentsOf: text)
            }
        }
        append("\"")
    }

    /// A comma, unless an object or a list has just begun.
    private mutating func separate() {
        if let last = bytes.last, last != UInt8(ascii: "{"), last != UInt8(ascii: "[") { append(",") }
    }

    private mutating func begin(_ key: StaticString) {
        separate()
        append("\"")
        append(key)
        append("\":")
    }

    private mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    /// An exact decimal with nine digits after the point.
    private mutating func append(seconds nanoseconds: Int64) {
        let (seconds, rest) = nanoseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
        if nanoseconds < 0 { append("-") }
        append(UInt(seconds), digits: 1)
        append(".")
        append(UInt(rest), digits: 9)
    }

    private mutating func append(_ number: UInt, digits least: Int) {
        var rest = number
        let start = bytes.count
        repeat {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0 || bytes.count - start < least
        bytes[start...].reverse()
    }

    private mutating func append(escaping byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): append("\\\"")
        case UInt8(ascii: "\\"): append("\\\\")
        case UInt8(ascii: "\n"): append("\\n")
        case UInt8(ascii: "\r"): append("\\r")
        case UInt8(ascii: "\t"): append("\\t")
        case 0..<0x20:
            append("\\u00")
            for digit in [byte >> 4, byte & 15] {
                bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
            }
        default: bytes.append(byte)
        }
    }
}
