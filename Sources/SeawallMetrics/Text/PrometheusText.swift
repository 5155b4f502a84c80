/// Bytes of the text format in the making.
struct PrometheusText {
    private(set) var bytes: [UInt8]

    init(_ bytes: consuming [UInt8] = []) { self.bytes = bytes }

    mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    mutating func append(_ text: [UInt8]) { bytes.append(contentsOf: text) }

    mutating func appendNewline() { bytes.append(UInt8(ascii: "\n")) }

    mutating func append(_ count: UInt64) { append(String(count)) }

    /// A number as the format wants it: whole numbers without a fraction, the rest as short as reads back the same.
    mutating func append(_ number: Double) {
        if number.isNaN {
            append("NaN")
        } else if number.isInfinite {
            append(number < 0 ? "-Inf" : "+Inf")
        } else if let whole = Int64(exactly: number), whole.magnitude <= 1 << 53 {
            append(String(whole))
        } else {
            append(number.description)
        }
    }

    /// Whole nanoseconds as decimal seconds, exactly: 1,500,000,000 is `1.5`.
    mutating func append(nanoseconds: Int64) {
        let (seconds, rest) = nanoseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
        if nanoseconds < 0 { append("-") }
        append(String(seconds))
        if rest == 0 { return }
        let digits = String(rest)
        append("." + String(repeating: "0", count: 9 - digits.count) + digits)
        while bytes.last == UInt8(ascii: "0") { bytes.removeLast() }
    }

    mutating func append(_ sum: HistogramSum) {
        switch sum {
        case .nanoseconds(let nanoseconds): append(nanoseconds: nanoseconds)
        case .number(let number): append(number)
        }
    }

    /// Help text: backslash and line feed are escaped, the rest stands as it is.
    mutating func appendEscapedHelp(_ help: String) { appendEscaped(help, quotes: false) }

    /// A label's value: backslash, line feed and quotation mark are escaped, the rest stands as it is.
    mutating func appendEscapedLabelValue(_ value: String) { appendEscaped(value, quotes: true) }

    private mutating func appendEscaped(_ text: String, quotes: Bool) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): append("\\\\")
            case UInt8(ascii: "\n"): append("\\n")
            case UInt8(ascii: "\"") where quotes: append("\\\"")
            default: bytes.append(byte)
            }
        }
    }
}
