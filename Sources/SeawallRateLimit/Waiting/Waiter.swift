/// A call that the limiter has understood: its lane and buckets found, its weights judged.
struct Request: Sendable {
    var call: UnderstoodCall
    /// The end of time where it has no deadline: as a number it takes no room beside it for whether there is one.
    private var end: Int64

    init(call: UnderstoodCall, deadline: Int64? = nil) {
        self.call = call
        end = deadline ?? .max
    }

    var deadline: Int64? { end == .max ? nil : end }
    var lane: Int { call.lane }
    var tolls: Tolls { call.tolls }
    var footprint: Footprint { call.footprint }
}

/// What of a request is the same each time it is made; shared, so that handing it on costs nothing.
final class UnderstoodCall: Sendable {
    /// The place of its lane in the limiter's list.
    let lane: Int
    let laneName: Lane
    let tolls: Tolls
    let footprint: Footprint
    let issuer: GrantIssuer
    /// How its caller named it.
    let asked: RateLimiterCore.Call

    init(
        _ asked: RateLimiterCore.Call, lane: Int, laneName: Lane, tolls: Tolls, footprint: Footprint,
        issuer: GrantIssuer
    ) {
        self.asked = asked
        self.lane = lane
        self.laneName = laneName
        self.tolls = tolls
        self.footprint = footprint
        self.issuer = issuer
    }
}

/// A request in the queue.
struct Waiter: Sendable {
    /// Counts arrivals, so that a lower ticket came first.
    var ticket: UInt64
    var request: Request
}
