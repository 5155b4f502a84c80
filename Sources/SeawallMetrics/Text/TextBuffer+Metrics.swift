internal import SeawallTime

extension TextBuffer {
    /// A number as the formats want it: whole numbers without a fraction, the rest as short as reads back the same.
    mutating func append(_ number: Double) {
        if let whole = Int64(exactly: number), whole.magnitude <= 1 << 53 {
            if whole < 0 { append(byte: UInt8(ascii: "-")) }
            append(whole.magnitude)
        } else if number.isNaN {
            append("NaN" as StaticString)
        } else if number.isInfinite {
            append(number < 0 ? "-Inf" : "+Inf" as StaticString)
        } else if !appendDecimal(number) {
            append(number.description)
        }
    }

    /// Writes a number of up to 6 or 9 decimals, which is many times quicker than the general way; false for others.
    ///
    /// Two decimals of at most 15 digits are never the same double, and a double of whole numbers under 2^53 divided by a
    /// power of ten up to 10^22 is the nearest to the decimal: so if the division gives the number back, the decimal is
    /// the shortest that does.
    private mutating func appendDecimal(_ number: Double) -> Bool {
        let magnitude = number.magnitude
        // Below that the general way writes an exponent, as it does from 2^53 on.
        guard magnitude >= 1e-4 else { return false }
        let isNegative = number < 0
        if magnitude < 1e9 {
            let millionths = UInt64(magnitude * 1e6 + 0.5)
            if Double(millionths) / 1e6 == magnitude {
                append(fixed: millionths, isNegative: isNegative, decimals: 6)
                return true
            }
        }
        if magnitude < 1e6 {
            let billionths = UInt64(magnitude * 1e9 + 0.5)
            if Double(billionths) / 1e9 == magnitude {
                append(fixed: billionths, isNegative: isNegative, decimals: 9)
                return true
            }
        }
        return false
    }

    /// Whole nanoseconds as decimal seconds, exactly: 1,500,000,000 is `1.5`.
    mutating func append(nanoseconds: Int64) {
        append(fixed: nanoseconds.magnitude, isNegative: nanoseconds < 0, decimals: 9)
    }

    /// Seconds since 1970, exactly.
    mutating func append(_ instant: CivilInstant) { append(nanoseconds: instant.nanosecondsSinceEpoch) }

    mutating func append(_ sum: HistogramSum) {
        switch sum {
        case .nanoseconds(let nanoseconds): append(nanoseconds: nanoseconds)
        case .number(let number): append(number)
        }
    }

    /// Help text as the format escapes it: backslash and line feed, in OpenMetrics the quotation mark too.
    mutating func appendEscapedHelp(_ help: String, _ format: MetricsTextFormat) {
        appendEscaped(help, quotes: format == .openMetrics)
    }

    /// A label's value: backslash, line feed and quotation mark are escaped, the rest stands as it is.
    mutating func appendEscapedLabelValue(_ value: String) { appendEscaped(value, quotes: true) }

    /// Labels in braces; nothing where there are none.
    mutating func append(_ labels: some Sequence<(String, String)>, always: Bool = false) {
        var isFirst = true
        for (name, value) in labels {
            append(byte: UInt8(ascii: isFirst ? "{" : ","))
            isFirst = false
            append(name)
            append("=\"" as StaticString)
            appendEscapedLabelValue(value)
            append(byte: UInt8(ascii: "\""))
        }
        if isFirst, always { append(byte: UInt8(ascii: "{")) }
        if !isFirst || always { append(byte: UInt8(ascii: "}")) }
    }

    /// What OpenMetrics puts behind a sample that has an exemplar.
    mutating func append(_ exemplar: Exemplar) {
        append(" # " as StaticString)
        append(zip(exemplar.labels.names, exemplar.labels.values), always: true)
        append(byte: UInt8(ascii: " "))
        append(exemplar.value)
        guard let time = exemplar.time else { return }
        append(byte: UInt8(ascii: " "))
        append(time)
    }

    private mutating func appendEscaped(_ text: String, quotes: Bool) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): append("\\\\" as StaticString)
            case UInt8(ascii: "\n"): append("\\n" as StaticString)
            case UInt8(ascii: "\"") where quotes: append("\\\"" as StaticString)
            // Readers take a NUL for the end of the text.
            case 0: append("\u{FFFD}" as StaticString)
            default: append(byte: byte)
            }
        }
    }
}
