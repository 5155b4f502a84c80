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

    private(set) var configuration: RateLimiterConfiguration
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
    private(set) var limits: [Limit]
    /// Calls that were understood, as they were.
    var understood: [Call: UnderstoodCall] = [:]
    static let mostUnderstood = 512
    /// The last of them: most calls are like the one before.
    var lastUnderstood: UnderstoodCall?
    /// Counts what may make a call mean something else than it did: limits that were changed, counters that were forgotten.
    var understandings = 0
    /// What the venue's fixed windows begin by, where it is known.
    private(set) var venueClock: VenueClock?
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
    private var releases: [Release] = []
    /// Whether anything has happened to those who waited that has not been handed out.
    var hasReleases: Bool { !releases.isEmpty }
    /// Grants that came back, with the instant from which their tokens are gone anyway.
    private var returned: [UInt64: Int64] = [:]
    /// When grants were settled whose use the venue may stop counting, and until when that matters.
    private var releasable: [UInt64: (settledAt: Int64, until: Int64)] = [:]
    private var releasableLimit = 64
    var releasableCount: Int { releasable.count }
    /// Grants whose tokens are held.
    private var inFlight: Set<UInt64> = []
    let start: Int64
    /// What may have been used before, of each bucket of the configuration.
    var predecessors: [Predecessor]
    private(set) var hasReleasable: Bool
    private var returnedLimit = 64

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
        run(now) { core, _ in core.queue.remove(ticket) != nil }
    }

    /// Takes back a grant that was not used.
    ///
    /// False where that changes nothing: given back before, or another's.
    @discardableResult
    mutating func giveBack(_ grant: Grant, now: MonotonicInstant) -> Bool {
        guard grant.issuer === issuer else { return false }
        return run(now) { core, now in
            if core.configuration.holdsUntilSettled {
                guard core.inFlight.remove(grant.id) != nil else { return false }
                for toll in grant.tolls { core.buckets[toll.bucket].letGo(toll.weight) }
                return true
            }
            guard core.returned[grant.id] == nil else { return false }
            core.remember(grant, now: now)
            core.releasable[grant.id] = nil
            for toll in grant.tolls where core.buckets[toll.bucket].madeAt <= grant.instant.nanoseconds {
                core.buckets[toll.bucket].expire(now)
                core.buckets[toll.bucket].giveBack(toll.weight, takenAt: grant.instant.nanoseconds, now: now)
            }
            return true
        }
    }

    /// The call of a grant whose tokens are held has ended.
    ///
    /// False where that changes nothing: not held, or another's.
    @discardableResult
    mutating func settle(_ grant: Grant, now: MonotonicInstant) -> Bool {
        guard grant.issuer === issuer else { return false }
        return run(now) { core, now in
            guard core.inFlight.remove(grant.id) != nil else { return false }
            for toll in grant.tolls {
                core.buckets[toll.bucket].expire(now)
                core.buckets[toll.bucket].settle(toll.weight, now: now)
            }
            core.noteSettled(grant, at: now)
            return true
        }
    }

    /// The venue has stopped counting what a call that has ended used in releasable buckets.
    ///
    /// False where that changes nothing: it has not ended, was released before, or counts no more anyway.
    @discardableResult
    mutating func release(_ grant: Grant, now: MonotonicInstant) -> Bool {
        guard grant.issuer === issuer else { return false }
        return run(now) { core, now in
            guard let (settled, until) = core.releasable.removeValue(forKey: grant.id), until > now else {
                return false
            }
            for toll in grant.tolls where core.buckets[toll.bucket].configuration.isReleasable {
                core.buckets[toll.bucket].release(toll.weight, settledAt: settled, now: now)
            }
            // What was used cannot have been not used.
            if !core.configuration.holdsUntilSettled { core.remember(grant, now: now) }
            return true
        }
    }

    /// The venue's civil clock is known; an error below 0 is none that can be true, and changes nothing.
    mutating func alignWindows(_ clock: VenueClock, now: MonotonicInstant) {
        guard clock.error >= 0 else { return }
        run(now) { core, now in
            core.venueClock = clock
            for index in core.buckets.indices {
                // What has left by the clock as it was known does not come back.
                core.buckets[index].expire(now)
                core.buckets[index].align(clock)
            }
        }
    }

    /// Puts another configuration in the place of a bucket's, whose use stays known.
    mutating func update(_ bucket: BucketConfiguration, now: MonotonicInstant) throws(RateLimitError) {
        guard let named = bucketIndexes[bucket.name] else {
            throw RateLimitError(code: .unknownBucket, subject: bucket.name)
        }
        let old = configuration.buckets[named]
        var changed = configuration
        changed.buckets[named] = bucket
        var problems: [String] = []
        if bucket.scope != old.scope { problems.append("scope is \(bucket.scope), expected \(old.scope) as it was") }
        if bucket.isPerKey != old.isPerKey {
            problems.append("isPerKey is \(bucket.isPerKey), expected \(old.isPerKey) as it was")
        }
        guard problems.isEmpty else {
            throw RateLimitError(code: .invalidConfiguration, subject: bucket.name, details: problems)
        }
        try changed.validate()
        run(now) { core, now in core.replace(named, in: changed, now: now) }
    }

    private mutating func replace(_ named: Int, in changed: RateLimiterConfiguration, now: Int64) {
        configuration = changed
        hasReleasable = changed.buckets.contains(where: \.isReleasable)
        let bucket = changed.buckets[named]
        limits[named] = Limit(Bucket(bucket, lanes: changed.lanes), lanes: changed.lanes.count)
        understood = [:]
        lastUnderstood = nil
        understandings &+= 1
        for place in buckets.indices where buckets[place].configuration.name == bucket.name {
            buckets[place].expire(now)
            buckets[place] = buckets[place].reconfigured(bucket, lanes: changed.lanes, clock: venueClock, now: now)
        }
        for ticket in queue.tickets {
            guard let request = queue.request(of: ticket) else { continue }
            let fits = request.tolls.allSatisfy { buckets[$0.bucket].canEverFit($0, lane: request.lane) }
            if !fits { release(ticket, .failure(RateLimitError(code: .weightOverBurst, subject: bucket.name))) }
        }
    }

    /// How long a call would wait if nobody else asked, takes or gave back; nil where it would not be let wait.
    ///
    /// Who waits ahead goes first. What is held is taken to end now: it cannot be sooner.
    func waitTime(_ charge: Charge, lane: Lane, scopes: [String], now: MonotonicInstant) -> Duration? {
        let ticket = UInt64.max
        var future = self
        switch future.acquire(charge, lane: lane, scopes: scopes, deadline: nil, ticket: ticket, now: now) {
        case .granted: return .zero
        case .refused: return nil
        case .waiting: break
        }
        return future.playOut(ticket, now: now)
    }

    /// How long one who is in line would wait yet, if nobody else asked, took or gave back; nil where it is not there.
    func waitTime(of ticket: UInt64, now: MonotonicInstant) -> Duration? {
        var future = self
        future.advance(to: now)
        if future.queue.request(of: ticket) == nil {
            return future.releases.contains { $0.ticket == ticket && (try? $0.result.get()) != nil } ? .zero : nil
        }
        return future.playOut(ticket, now: now)
    }

    /// Plays until one who is in line is there no more.
    private mutating func playOut(_ ticket: UInt64, now: MonotonicInstant) -> Duration? {
        let start = latestInstant
        for index in buckets.indices {
            buckets[index].expire(start)
            buckets[index].settle(buckets[index].held, now: start)
        }
        advance(to: now)
        // At each instant at which the queue looks, somebody goes or leaves.
        while queue.request(of: ticket) != nil {
            guard let wakeAt = wakeAt else { return nil }
            advance(to: wakeAt)
        }
        return MonotonicInstant(nanoseconds: start).duration(to: MonotonicInstant(nanoseconds: latestInstant))
    }

    mutating func gate(_ scope: String, until end: MonotonicInstant, now: MonotonicInstant) {
        run(now) { core, now in core.gates.close(scope, until: end.nanoseconds, now: now) }
    }

    /// When the last closed gate among the scopes opens; nil where none is closed.
    func gateEnd(for scopes: [String], now: MonotonicInstant) -> MonotonicInstant? {
        gates.latest(of: scopes, now: max(latestInstant, now.nanoseconds)).map { MonotonicInstant(nanoseconds: $0.end) }
    }

    /// The server's own count of a bucket; an unknown bucket or a negative count changes nothing.
    mutating func reportUsage(
        bucket: String, used: Int, key: String = "", answering grant: Grant? = nil, now: MonotonicInstant,
        resetsAt: MonotonicInstant = .distantFuture
    ) {
        guard let named = bucketIndexes[bucket], used >= 0 else { return }
        run(now) { core, now in
            guard let index = core.counter(of: named, key: key, now: now) else { return }
            core.buckets[index].expire(now)
            let own = grant.flatMap { $0.issuer === core.issuer ? $0 : nil }
            let place = own?.tolls.firstIndex { $0.bucket == index }
            let answered = place.flatMap { place in own.map { ($0.tolls[place].weight, $0.settledBefore(place)) } }
            core.buckets[index].raise(
                to: used, answering: answered, grantedAt: place == nil ? nil : own?.instant.nanoseconds, now: now,
                resetsAt: resetsAt.nanoseconds)
        }
    }

    /// What a server's headers say; `civilNow` is its clock's.
    mutating func learn(
        _ readings: [UsageReading], key: String, answering grant: Grant?, now: MonotonicInstant, civilNow: CivilInstant
    ) {
        for reading in readings {
            guard let named = bucketIndexes[reading.bucket] else { continue }
            // What is left is what counts, whatever the server takes its limit for.
            let left = reading.remaining.map { max(0, configuration.buckets[named].limit.subtractingSaturating($0)) }
            // Whole seconds may have been rounded down.
            let end = reading.reset?.instant(now: now, civilNow: civilNow).advanced(by: .seconds(1))
            reportUsage(
                bucket: reading.bucket, used: max(reading.used ?? 0, left ?? 0), key: key, answering: grant, now: now,
                resetsAt: end ?? .distantFuture)
        }
    }

    /// Ends all waiting; nothing is granted any more.
    mutating func shutDown() {
        isShutDown = true
        for ticket in queue.tickets { release(ticket, .failure(RateLimitError(code: .shutDown))) }
        wakeAt = nil
    }

    private mutating func run<Answer>(
        _ now: MonotonicInstant, _ event: (inout RateLimiterCore, Int64) -> Answer
    ) -> Answer {
        latestInstant = max(latestInstant, now.nanoseconds)
        if !queue.isEmpty { drain(latestInstant) }
        let answer = event(&self, latestInstant)
        if !queue.isEmpty { drain(latestInstant) } else if wakeAt != nil { wakeAt = nil }
        return answer
    }

    // MARK: Steps

    /// Takes the weights in all buckets; the request has been judged at this instant.
    mutating func take(_ request: Request, now: Int64) -> Grant {
        let call = request.call
        let isHolding = configuration.holdsUntilSettled
        var marks = Marks()
        var others: [Int] = []
        for index in 0..<call.tolls.count {
            let toll = call.tolls[index]
            if index < Marks.most {
                marks[index] = buckets[toll.bucket].settled
            } else {
                others.append(buckets[toll.bucket].settled)
            }
            if isHolding {
                buckets[toll.bucket].hold(toll.weight)
            } else {
                buckets[toll.bucket].take(toll.weight, now: now)
            }
        }
        granted[call.lane] += 1
        lastGrant &+= 1
        if isHolding { inFlight.insert(lastGrant) }
        let grant = Grant(
            instant: MonotonicInstant(nanoseconds: now), id: lastGrant, call: call, marks: marks, otherMarks: others)
        if hasReleasable, !isHolding { noteSettled(grant, at: now) }
        return grant
    }

    /// Remembers when a call ended, where the venue may stop counting it.
    private mutating func noteSettled(_ grant: Grant, at now: Int64) {
        guard hasReleasable else { return }
        let ends = grant.tolls.filter { buckets[$0.bucket].configuration.isReleasable }
            .map { buckets[$0.bucket].forgets(now) }
        guard let until = ends.max() else { return }
        if releasable.count >= releasableLimit {
            releasable = releasable.filter { $0.value.until > now }
            releasableLimit = max(64, releasable.count * 2)
        }
        releasable[grant.id] = (now, until)
    }

    mutating func release(_ ticket: UInt64, _ result: Result<Grant, RateLimitError>) {
        guard let waiter = queue.remove(ticket) else { return }
        finish(waiter, result)
    }

    mutating func finish(_ waiter: Waiter, _ result: Result<Grant, RateLimitError>) {
        if case .failure = result { refused[waiter.request.lane] += 1 }
        releases.append(Release(ticket: waiter.ticket, result: result))
    }

    private mutating func remember(_ grant: Grant, now: Int64) {
        if returned.count >= returnedLimit {
            returned = returned.filter { $0.value > now }
            returnedLimit = max(64, returned.count * 2)
        }
        let memory = grant.tolls.map { buckets[$0.bucket].memory }.max() ?? 0
        returned[grant.id] = grant.instant.nanoseconds.addingSaturating(memory)
    }
}
