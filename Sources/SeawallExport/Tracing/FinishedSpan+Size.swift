internal import SeawallMetrics

extension FinishedSpan {
    /// The span with no text longer than so many bytes of UTF-8, and without attributes that have no name or a longer one.
    func trimmed(to longest: Int) -> FinishedSpan {
        var trimmed = self
        trimmed.name = Self.cut(name, longest)
        if case .error(let why) = status { trimmed.status = .error(Self.cut(why, longest)) }
        trimmed.droppedAttributes += Self.trim(&trimmed.attributes, longest)
        for index in trimmed.events.indices {
            trimmed.events[index].name = Self.cut(trimmed.events[index].name, longest)
            trimmed.events[index].droppedAttributes += Self.trim(&trimmed.events[index].attributes, longest)
        }
        return trimmed
    }

    /// About how long its JSON text is.
    var approximateBytes: Int {
        var bytes = 300 + name.utf8.count + Self.bytes(attributes)
        if case .error(let why) = status { bytes += why.utf8.count }
        for event in events { bytes += 100 + event.name.utf8.count + Self.bytes(event.attributes) }
        return bytes
    }

    private static func bytes(_ attributes: [String: TraceValue]) -> Int {
        attributes.reduce(0) { sum, attribute in
            guard case .text(let text) = attribute.value else { return sum + attribute.key.utf8.count + 60 }
            return sum + attribute.key.utf8.count + 45 + text.utf8.count
        }
    }

    /// Returns how many were left out.
    private static func trim(_ attributes: inout [String: TraceValue], _ longest: Int) -> Int {
        var left = 0
        // What fits, as nearly all does, stays in place.
        for (name, value) in attributes {
            if name.isEmpty || name.utf8.count > longest {
                attributes[name] = nil
                left += 1
            } else if case .text(let text) = value, text.utf8.count > longest {
                attributes[name] = .text(cut(text, longest))
            }
        }
        return left
    }

    private static func cut(_ text: String, _ longest: Int) -> String {
        guard text.utf8.count > longest else { return text }
        var end = text.utf8.index(text.startIndex, offsetBy: longest)
        // Not through the middle of a character's bytes.
        while end > text.startIndex, end.samePosition(in: text.unicodeScalars) == nil {
            end = text.utf8.index(before: end)
        }
        return String(text[..<end])
    }
}
