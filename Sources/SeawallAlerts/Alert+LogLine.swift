internal import SeawallTime

extension Alert {
    /// The alert as one line for a log: time, severity, event, code, episode, scope, message, and what else there is.
    ///
    /// Control characters are written as `\u{..}`, so that no message of a server makes a second line.
    public var logLine: String {
        var line =
            "\(civil.iso8601Text) \(severity.rawValue.uppercased()) \(event.rawValue) \(code) episode=\(episode) "
            + "scope=\(scope) \"\(message)\""
        if !causes.isEmpty { line += " causes=\(causes.joined(separator: ","))" }
        if let duration { line += " duration=\(duration.secondsText)s" }
        if suppressed > 0 { line += " suppressed=\(suppressed)" }
        if isFlapping { line += " flapping" }
        if asksAcknowledgement { line += " unacknowledged" }
        if let acknowledgedBy { line += " acknowledged=\(acknowledgedBy)" }
        return line.escapingControls
    }
}

extension Duration {
    /// Seconds in decimal, to the nanosecond, without needless zeros: `90`, `1.5`.
    package var secondsText: String {
        var text = MonotonicInstant(nanoseconds: wholeNanoseconds).secondsText
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text
    }
}

extension String {
    /// The text with its control characters, and the two line separators of Unicode, written out.
    fileprivate var escapingControls: String {
        guard unicodeScalars.contains(where: \.breaksLines) else { return self }
        return unicodeScalars.reduce(into: "") { text, scalar in
            if scalar.breaksLines {
                text += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
    }
}

extension Unicode.Scalar {
    fileprivate var breaksLines: Bool {
        value < 0x20 || (0x7f...0x9f).contains(value) || value == 0x2028 || value == 0x2029
    }
}
