/// Who asks a store, by kind: those of one kind go strictly one after the other.
struct StoreLines: Sendable {
    /// Calls of one lane that take from the same buckets under the same key.
    struct Kind: Hashable, Sendable {
        var lane: Lane
        var buckets: Set<String>
        var key: String

        init(_ charge: Charge, lane: Lane) {
            self.lane = lane
            buckets = Set(charge.weights.keys).union(charge.leaving.keys)
            key = charge.key
        }
    }

    private struct Line: Sendable {
        var permits: ConcurrencyLimiter
        var callers: Int
    }

    /// By lane, so that a lower one does not take the places of a higher one.
    static let mostOfLane = 1_000

    private var lines: [Kind: Line] = [:]
    private var callers: [Lane: Int] = [:]

    var count: Int { lines.count }

    /// The line of a kind; whoever enters leaves once.
    ///
    /// - Throws: `RateLimitError` of code `queueFull` where its lane has as many callers as it may.
    mutating func enter(_ kind: Kind) throws(RateLimitError) -> ConcurrencyLimiter {
        guard callers[kind.lane, default: 0] < Self.mostOfLane else {
            throw RateLimitError(code: .queueFull, subject: kind.lane.rawValue)
        }
        callers[kind.lane, default: 0] += 1
        if let line = lines[kind] {
            lines[kind]?.callers += 1
            return line.permits
        }
        let permits = try ConcurrencyLimiter(limit: 1, maximumWaiters: Self.mostOfLane)
        lines[kind] = Line(permits: permits, callers: 1)
        return permits
    }

    /// A caller is through; a line that nobody is in is forgotten.
    mutating func leave(_ kind: Kind) {
        callers[kind.lane, default: 0] -= 1
        lines[kind]?.callers -= 1
        if lines[kind]?.callers == 0 { lines[kind] = nil }
    }
}
