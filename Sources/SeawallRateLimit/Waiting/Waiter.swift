/// A call that the limiter has understood: its lane and buckets found, its weights judged.
struct Request: Sendable {
    var lane: Int
    var tolls: Tolls
    var footprint: Footprint
    var deadline: Int64?
}

/// A request in the queue.
struct Waiter: Sendable {
    /// Counts arrivals, so that a lower ticket came first.
    var ticket: UInt64
    var request: Request
}
