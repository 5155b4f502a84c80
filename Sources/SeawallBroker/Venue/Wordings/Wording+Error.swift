public import SeawallTime

extension Wording {
    /// The error that an adapter makes of this answer.
    ///
    /// - Parameters:
    ///   - end: When the limit or ban is over, on the venue's clock; nil where there is none.
    ///   - now: The venue's time at the answer. An end that has passed is said as it is, and as 0 seconds.
    public func error(until end: CivilInstant? = nil, now: CivilInstant) -> BrokerError {
        let seconds = end.map { Self.wholeSeconds(from: now, to: $0) }
        let milliseconds = end.map { Self.millisecondsRoundedUp($0) }
        let values = [
            "code": code ?? "", "until_ms": milliseconds.map { String($0) } ?? "",
            "seconds": seconds.map { String($0) } ?? "",
        ]
        let said = message.filled(with: values)
        let inBody = values.merging(["message": said.jsonEscaped]) { $1 }
        return BrokerError(
            code: .answered, message: said, delivery: .answered, status: status, venueCode: code,
            body: body?.filled(with: inBody), retryAfter: end.flatMap { retryAfterText(until: $0, now: now) })
    }

    /// Retry-After in the venue's form, never earlier than the end.
    private func retryAfterText(until end: CivilInstant, now: CivilInstant) -> String? {
        switch retryAfter {
        case .none: nil
        case .seconds: String(Self.wholeSeconds(from: now, to: end))
        case .httpDate: end.advanced(by: .nanoseconds(999_999_999)).httpDateText
        case .epochMilliseconds: String(Self.millisecondsRoundedUp(end))
        }
    }

    private static func wholeSeconds(from now: CivilInstant, to end: CivilInstant) -> Int64 {
        let nanoseconds = max(0, now.duration(to: end).wholeNanoseconds)
        return nanoseconds / 1_000_000_000 + (nanoseconds % 1_000_000_000 > 0 ? 1 : 0)
    }

    private static func millisecondsRoundedUp(_ instant: CivilInstant) -> Int64 {
        instant.advanced(by: .nanoseconds(999_999)).millisecondsSinceEpoch
    }
}

extension String {
    /// The template with `{name}` replaced, for the names given; everything else stays.
    fileprivate func filled(with values: [String: String]) -> String {
        var result = ""
        var rest = self[...]
        while let open = rest.firstIndex(of: "{") {
            result += rest[..<open]
            rest = rest[open...]
            if let close = rest.firstIndex(of: "}"), let value = values[String(rest[open..<close].dropFirst())] {
                result += value
                rest = rest[close...].dropFirst()
            } else {
                result.append("{")
                rest = rest.dropFirst()
            }
        }
        return result + rest
    }

    /// The text as the inside of a JSON string.
    fileprivate var jsonEscaped: String {
        var result = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\u{0}"..."\u{1f}":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
