/// What a request's header `Accept` says, as far as it concerns metrics.
enum AcceptHeader {
    struct Range: Equatable {
        /// The media type in lower case, `text/plain` or `*/*`.
        var type: String

        /// The parameter `version`, if there is one.
        var version: String?

        /// From 0, not acceptable, to 1.
        var quality = 1.0
    }

    /// The ranges of a header, in order; one whose quality is no number from 0 to 1 is left out.
    static func ranges(_ header: String) -> [Range] {
        split(header, at: ",").compactMap { text in
            var parts = split(text, at: ";").map(trimmed)
            guard !parts.isEmpty, !parts[0].isEmpty else { return nil }
            var range = Range(type: parts.removeFirst().lowercased())
            for part in parts {
                let pair = part.split(separator: "=", maxSplits: 1).map { trimmed($0) }
                guard pair.count == 2 else { continue }
                switch pair[0].lowercased() {
                case "version": range.version = unquoted(pair[1])
                case "q":
                    guard let quality = quality(pair[1]) else { return nil }
                    range.quality = quality
                default: break
                }
            }
            return range
        }
    }

    /// Splits where the separator does not stand in quotes.
    private static func split(_ text: some StringProtocol, at separator: Character) -> [Substring] {
        var parts: [Substring] = []
        var isQuoted = false
        var start = text.startIndex
        for index in text.indices {
            if text[index] == "\"" { isQuoted.toggle() }
            if text[index] == separator, !isQuoted {
                parts.append(Substring(text[start..<index]))
                start = text.index(after: index)
            }
        }
        parts.append(Substring(text[start...]))
        return parts
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        var rest = Substring(text)
        while let first = rest.first, first == " " || first == "\t" { rest.removeFirst() }
        while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
        return String(rest)
    }

    private static func unquoted(_ text: String) -> String {
        guard text.count >= 2, text.first == "\"", text.last == "\"" else { return text }
        return String(text.dropFirst().dropLast())
    }

    private static func quality(_ text: String) -> Double? {
        guard !text.isEmpty, text.utf8.count <= 5,
            text.utf8.allSatisfy({ $0 == UInt8(ascii: ".") || ($0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9")) }),
            let quality = Double(text), quality <= 1
        else { return nil }
        return quality
    }
}
