internal import SeawallTime

/// What was, by key: as much of it as is needed to give back what is at least so old.
struct Past<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Entry: Sendable {
        var time: MonotonicInstant
        var value: Value
    }

    /// How far back somebody may ask.
    let horizon: Duration
    private var entries: [Key: [Entry]] = [:]

    init(horizon: Duration) { self.horizon = horizon }

    /// Keeps a value; forgets those that are older than any that may still be asked for.
    mutating func keep(_ value: Value, as key: Key, at now: MonotonicInstant) {
        var kept = entries[key] ?? []
        kept.append(Entry(time: now, value: value))
        let old = kept.count { $0.time.duration(to: now) >= horizon }
        kept.removeFirst(max(0, old - 1))
        entries[key] = kept
    }

    /// The newest value that is at least so old, or nil.
    func value(of key: Key, atLeast age: Duration, at now: MonotonicInstant) -> Value? {
        entries[key]?.last { $0.time.duration(to: now) >= age }?.value
    }
}
