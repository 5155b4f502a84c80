internal import SeawallTime

/// The limiter as a pure state machine: buckets, gates and the queue.
///
/// Every event takes `now` and first lets go whoever could go by then, so that a newcomer never overtakes. A `now`
/// before the latest one seen is taken for that one: a clock that goes back mints nothing.
struct RateLimiterCore: Sendable {
    /// What happened to one that waited.
    struct Release: Sendable {
        var ticket: UInt64
        var result: Result<Grant, RateLimitError>
    }

    /// A call as its caller names it.
    struct Call: Hashable, Sendable {
        var charge: Charge
        var lane: Lane
        var scopes: [String]
    }

    /// What a bucket can grant at most, by lane, and in all.
    struct Limit: Sendable {
        var capacity: Int
        var heaviest: [Int]

        init(_ bucket: Bucket, lanes: Int) {
            capacity = bucket.capacity
            heaviest = (0..<lanes).map { bucket.heaviest(lane: $0) }
        }
    }

    /// The answer to one who is ready to wait.
    enum Admission: Sendable {
        case granted(Grant)
        case refused(RateLimitError)
        case waiting
    }

    var configuration: RateLimiterConfiguration
    let issuer = GrantIssuer()
    let laneIndexes: [Lane: Int]
    let bucketIndexes: [String: Int]

    /// The buckets of the configuration, then a counter for each key of those that have some.
    ///
    /// The bucket of the configuration is then only what its counters are made from.
    var buckets: [Bucket]
    /// What a call touches that charges one bucket alone, for each.
    var footprints: [Footprint]
    var keyed = KeyedCounters()
    /// What each bucket of the configuration can grant at most.
    var limits: [Limit]
    /// Calls that were understood, as they were.
    var understood: [Call: UnderstoodCall] = [:]
    static let mostUnderstood = 512
    /// The last of them: most calls are like the one before.
    var lastUnderstood: UnderstoodCall?
    /// Counts what may make a call mean something else than it did: limits that were changed, counters that were forgotten.
    var understandings = 0
    /// What the venue's fixed windows begin by, where it is known.
    var venueClock: VenueClock?
    var gates = GateBoard()
    var queue: WaitQueue
    var granted: [UInt64]
    var refused: [UInt64]
    var isShutDown = false

    /// The next instant at which somebody who waits can go or must leave; nil where nobody waits.
    var wakeAt: MonotonicInstant?

    /// The latest instant seen.
    private(set) var latestInstant = Int64.min
    var lastGrant: UInt64 = 0
    private(set) var releases: [Release] = []
    /// Whether anything has happened to those who waited that has not been handed out.
    var hasReleases: Bool { !releases.isEmpty }
    /// Grants that came back, with the instant from which their tokens are gone anyway.
    var returned: [UInt64: Int64] = [:]
    /// When grants were settled whose use the venue may stop counting, and until when that matters.
    var releasable: [UInt64: (settledAt: Int64, until: Int64)] = [:]
    var releasableLimit = 64
    var releasableCount: Int { releasable.count }
    /// Grants whose tokens are held.
    var inFlight: Set<UInt64> = []
    let start: Int64
    /// What may have been used before, of each bucket of the configuration.
    var predecessors: [Predecessor]
    var hasReleasable: Bool
    var returnedLimit = 64

    init(_ configuration: RateLimiterConfiguration, start: MonotonicInstant = .origin) throws(RateLimitError) {
        try configuration.validate()
        self.configuration = configuration
        let lanes = configuration.lanes
        laneIndexes = Dictionary(uniqueKeysWithValues: lanes.enumerated().map { ($1, $0) })
        bucketIndexes = Dictionary(uniqueKeysWithValues: configuration.buckets.enumerated().map { ($1.name, $0) })
        buckets = configuration.buckets.map { Bucket($0, lanes: lanes) }
        limits = buckets.map { Limit($0, lanes: lanes.count) }
        footprints = configuration.buckets.indices.map { Footprint(bucket: $0, of: configuration.buckets[$0]) }
        self.start = start.nanoseconds
        hasReleasable = configuration.buckets.contains(where: \.isReleasable)
        queue = WaitQueue(lanes: lanes.count)
        granted = Array(repeating: 0, count: lanes.count)
        refused = granted
        predecessors = buckets.map { _ in configuration.followsAnother ? .unknown : .none }
        for index in buckets.indices { buckets[index].assume(predecessors[index], since: self.start) }
    }

    /// Hands out what happened to those who waited, in the order in which it happened.
    mutating func takeReleases() -> [Release] {
        guard !releases.isEmpty else { return [] }
        defer { releases = [] }
        return releases
    }

    // MARK: Events

    /// Time has passed.
    mutating func advance(to now: MonotonicInstant) {
        run(now) { _, _ in }
    }

    mutating func tryAcquire(_ charge: Charge, lane: Lane, scopes: [String], now: MonotonicInstant) -> Decision {
        run(now) { core, now in
            switch core.understand(charge, lane: lane, scopes: scopes, deadline: nil, now: now) {
            case .failure(let error): return core.refuse(Refusal(code: error.code, subject: error.subject), lane: lane)
            case .success(let request):
                if let refusal = core.judge(request, now: now) { return core.refuse(refusal, lane: lane) }
                return .granted(core.take(request, now: now))
            }
        }
    }

    /// Understands a call that will be made again and again.
    mutating func prepare(_ call: Call, now: MonotonicInstant) -> Result<UnderstoodCall, RateLimitError> {
        run(now) { core, now in
            core.understand(call.charge, lane: call.lane, scopes: call.scopes, deadline: nil, now: now).map(\.call)
        }
    }

    /// Asks for a call that was understood by the limits and counters that there are now.
    mutating func tryAcquire(_ call: UnderstoodCall, now: MonotonicInstant) -> Decision {
        run(now) { core, now in
            if core.isShutDown { return core.refuse(Refusal(code: .shutDown), lane: call.laneName) }
            let request = Request(call: call)
            if let refusal = core.judge(request, now: now) { return core.refuse(refusal, lane: call.laneName) }
            return .granted(core.take(request, now: now))
        }
    }

    /// Asks for a place in line; the ticket is higher than any before it.
    mutating func acquire(
        _ charge: Charge, lane: Lane, scopes: [String], deadline: MonotonicInstant?, ticket: UInt64,
        now: MonotonicInstant
    ) -> Admission {
        run(now) { core, now in
            switch core.understand(charge, lane: lane, scopes: scopes, deadline: deadline, now: now) {
            case .failure(let error): return core.turnAway(error, lane: lane)
            case .success(let request): return core.admit(request, ticket: ticket, now: now)
            }
        }
    }

    /// One who waited is gone; its place leaves with it.
    ///
    /// False if it does not wait any more.
    @discardableResult
    mutating func cancel(_ ticket: UInt64, now: MonotonicInstant) -> Bool {
        run(now) { core, now in
            guard let waiter = core.queue.remove(ticket) else { return false }
            core.lookAgain(at: waiter.request.tolls, now: now)
            return true
        }
    }

    mutating func gate(_ scope: String, until end: MonotonicInstant, now: MonotonicInstant) {
        run(now) { core, now in core.gates.close(scope, until: end.nanoseconds, now: now) }
    }

    /// When the last closed gate among the scopes opens; nil where none is closed.
    func gateEnd(for scopes: [String], now: MonotonicInstant) -> MonotonicInstant? {
        gates.latest(of: scopes, now: max(latestInstant, now.nanoseconds)).map { MonotonicInstant(nanoseconds: $0.end) }
    }

    /// Ends all waiting; nothing is granted any more.
    mutating func shutDown() {
        isShutDown = true
        for ticket in queue.tickets { release(ticket, .failure(RateLimitError(code: .shutDown))) }
        wakeAt = nil
    }

    mutating func run<Answer>(
        _ now: MonotonicInstant, _ event: (inout RateLimiterCore, Int64) -> Answer
    ) -> Answer {
        latestInstant = max(latestInstant, now.nanoseconds)
        if !queue.isEmpty { drain(latestInstant) }
        let answer = event(&self, latestInstant)
        if !queue.isEmpty { drain(latestInstant) } else if wakeAt != nil { wakeAt = nil }
        return answer
    }

    // MARK: Steps

    mutating func release(_ ticket: UInt64, _ result: Result<Grant, RateLimitError>) {
        guard let waiter = queue.remove(ticket) else { return }
        finish(waiter, result)
    }

    mutating func finish(_ waiter: Waiter, _ result: Result<Grant, RateLimitError>) {
        if case .failure = result { refused[waiter.request.lane] += 1 }
        lookAgain(at: waiter.request.tolls, now: latestInstant)
        releases.append(Release(ticket: waiter.ticket, result: result))
    }
}
