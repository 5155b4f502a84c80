internal import SeawallTime

/// The recent begins of every key, by which trouble that comes and goes is told from trouble that comes.
struct FlapLog: Sendable {
    private let count: Int
    private let window: Duration
    private let keyLimit: Int
    private var begins: [String: [MonotonicInstant]] = [:]

    init(_ configuration: AlertConfiguration) {
        count = configuration.flapCount
        window = configuration.flapWindow
        keyLimit = configuration.episodeLimit
    }

    /// The number of keys that are known.
    var keyCount: Int { begins.count }

    /// Notes that trouble of a key has begun; true where it has begun so often of late that it flaps.
    mutating func begin(_ key: String, _ now: MonotonicInstant) -> Bool {
        guard count > 0 else { return false }
        var recent = begins[key] ?? []
        recent.removeAll { isOver($0, now) }
        recent.append(now)
        if recent.count > count { recent.removeFirst(recent.count - count) }
        begins[key] = recent
        if begins.count > keyLimit { forget(now, but: key) }
        return recent.count >= count
    }

    private func isOver(_ begin: MonotonicInstant, _ now: MonotonicInstant) -> Bool {
        begin.advanced(by: window) <= now
    }

    /// Drops the keys whose begins are all over, and where that is not enough half of them, the quietest first.
    private mutating func forget(_ now: MonotonicInstant, but key: String) {
        begins = begins.filter { name, recent in name == key || recent.last.map { !isOver($0, now) } ?? false }
        guard begins.count > keyLimit else { return }
        let byAge = begins.filter { $0.key != key }.sorted { lhs, rhs in
            (lhs.value.last ?? .origin, lhs.key) < (rhs.value.last ?? .origin, rhs.key)
        }
        for (name, _) in byAge.prefix(begins.count - keyLimit / 2) { begins[name] = nil }
    }
}
