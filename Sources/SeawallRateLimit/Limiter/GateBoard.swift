/// Which scopes are closed, and until when.
struct GateBoard: Sendable {
    private var ends: [String: Int64] = [:]

    /// Closes a scope; an end earlier than the one that stands changes nothing.
    mutating func close(_ scope: String, until end: Int64, now: Int64) {
        if ends.count >= 64 { ends = ends.filter { $0.value > now } }
        guard end > now else { return }
        ends[scope] = max(end, ends[scope] ?? end)
    }

    /// The latest end of the closed gates among the scopes, with its scope; nil where all are open.
    func latest(of scopes: [String], now: Int64) -> (scope: String, end: Int64)? {
        guard !ends.isEmpty else { return nil }
        var latest: (scope: String, end: Int64)?
        for scope in scopes {
            guard let end = ends[scope], end > now else { continue }
            if let standing = latest, standing.end >= end { continue }
            latest = (scope, end)
        }
        return latest
    }

    /// The closed gates, sorted by scope.
    func closed(at now: Int64) -> [(scope: String, end: Int64)] {
        ends.filter { $0.value > now }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
