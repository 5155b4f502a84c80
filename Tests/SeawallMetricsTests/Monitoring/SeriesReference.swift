import Foundation

/// A series that a query or a rule names, with what it asks of its labels.
struct SeriesReference: Hashable {
    /// Without the prefix.
    var name: String

    /// Each label with the values that are asked for; those made of variables are left out.
    var labels: [String: Set<String>]

    /// All references in a text with the default prefix.
    static func all(in text: String) -> [SeriesReference] {
        text.matches(of: /\b(?:seawall_([a-z0-9_]+)|(process_[a-z0-9_]+))(?:\{([^}]*)\})?/).map { match in
            var labels: [String: Set<String>] = [:]
            for matcher in (match.3 ?? "").matches(of: /([a-zA-Z_]+)\s*(?:=~|!~|!=|=)\s*"([^"]*)"/) {
                let value = String(matcher.2)
                labels[String(matcher.1), default: []].formUnion(
                    value.contains("$") ? [] : Set(value.split(separator: "|").map(String.init)))
            }
            return SeriesReference(name: String(match.1 ?? match.2 ?? ""), labels: labels)
        }
    }

    /// The labels that sums and joins in a text are made by.
    static func groups(in text: String) -> Set<String> {
        Set(
            text.matches(of: /\b(?:by|on|without|ignoring)\s*\(([^)]*)\)/)
                .flatMap { $0.1.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } })
    }
}
