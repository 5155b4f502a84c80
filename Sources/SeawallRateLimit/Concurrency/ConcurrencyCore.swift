internal import SeawallTime

/// The limiter of calls in flight as a pure state machine: permits, lanes and who waits.
///
/// A `now` before the latest one seen is taken for that one. After every event nobody waits while a permit is free.
struct ConcurrencyCore: Sendable {
    /// Whose permit is handed back.
    enum Holder: Hashable, Sendable {
        /// Nobody's in particular: any of its kind will do.
        case anybody
        /// That of one call.
        case call
    }

    /// The answer to one who is ready to wait.
    enum Admission: Sendable {
        case granted(ConcurrencyCall)
        case refused(RateLimitError.Code)
        /// It has a place in line, perhaps that of another.
        case waiting(shed: UInt64?)
    }

    /// A permit that has gone to one who waited.
    struct Grant: Sendable {
        var ticket: UInt64
        var call: ConcurrencyCall
    }

    private struct Waiter: Sendable {
        var lane: Int
        var holder: Holder
    }

    /// How many permits there are where nothing is learnt.
    private var fixed: Int
    private(set) var gradient: GradientLimit?
    let maximumWaiters: Int
    private(set) var inUse = 0
    /// Of these, those that any release hands back.
    private var anybodys = 0
    private var waiters: [UInt64: Waiter] = [:]
    private var lines: [WaitingLine]
    private(set) var lanes: [Counts]
    private var latestInstant: Int64

    /// What happened in a lane.
    struct Counts: Hashable, Sendable {
        var waiting = 0
        var granted: UInt64 = 0
        var refused: UInt64 = 0
    }

    /// A limiter of so many permits.
    init(limit: Int, lanes: Int, maximumWaiters: Int) {
        self.init(fixed: limit, gradient: nil, lanes: lanes, maximumWaiters: maximumWaiters, now: 0)
    }

    /// A limiter of as many permits as it learns.
    init(_ gradient: GradientLimit, lanes: Int, maximumWaiters: Int, now: Int64) {
        self.init(
            fixed: gradient.limit, gradient: gradient, lanes: lanes, maximumWaiters: maximumWaiters, now: now)
    }

    private init(fixed: Int, gradient: GradientLimit?, lanes: Int, maximumWaiters: Int, now: Int64) {
        self.fixed = fixed
        self.gradient = gradient
        self.maximumWaiters = maximumWaiters
        lines = Array(repeating: WaitingLine(), count: lanes)
        self.lanes = Array(repeating: Counts(), count: lanes)
        latestInstant = now
    }

    var limit: Int { gradient?.limit ?? fixed }

    var waiting: Int { waiters.count }

    // MARK: Events

    /// Time has passed; a limit that is learnt may begin to probe.
    mutating func advance(to now: Int64) {
        latestInstant = max(latestInstant, now)
        gradient?.advance(to: latestInstant)
    }

    /// Takes a permit that is free; nil where none is.
    mutating func tryAcquire(lane: Int, _ holder: Holder, now: Int64) -> ConcurrencyCall? {
        advance(to: now)
        // Nobody waits while a permit is free.
        guard inUse < limit else {
            lanes[lane].refused &+= 1
            return nil
        }
        return take(lane: lane, holder)
    }

    /// Takes a permit, or a place in line under a ticket that is higher than any before it.
    mutating func acquire(lane: Int, _ holder: Holder, ticket: UInt64, now: Int64) -> Admission {
        advance(to: now)
        if inUse < limit { return .granted(take(lane: lane, holder)) }
        var shed: UInt64?
        if waiters.count >= maximumWaiters {
            guard let victim = newestOfLowest(below: lane) else {
                lanes[lane].refused &+= 1
                return .refused(.queueFull)
            }
            shed = victim
            if let waiter = remove(victim) { lanes[waiter.lane].refused &+= 1 }
        }
        waiters[ticket] = Waiter(lane: lane, holder: holder)
        lines[lane].append(ticket)
        lanes[lane].waiting += 1
        return .waiting(shed: shed)
    }

    /// One who waited is gone; false if it does not wait any more.
    mutating func cancel(_ ticket: UInt64) -> Bool { remove(ticket) != nil }

    /// A call has ended that has a permit of its own; to be told once.
    mutating func finish(_ call: ConcurrencyCall, _ outcome: ConcurrencyOutcome, now: Int64) -> [Grant] {
        advance(to: now)
        gradient?.end(call, outcome, now: latestInstant)
        changeInUse(by: -1)
        return handOn()
    }

    /// A permit that is anybody's is handed back; without one that is held nothing happens.
    mutating func release(now: Int64) -> [Grant] {
        guard anybodys > 0 else { return [] }
        advance(to: now)
        anybodys -= 1
        changeInUse(by: -1)
        return handOn()
    }

    /// The limit is set by hand, to one that it can be.
    mutating func set(_ limit: Int, now: Int64) -> [Grant] {
        advance(to: now)
        fixed = limit
        gradient?.set(limit)
        return handOn()
    }

    // MARK: Steps

    private mutating func take(lane: Int, _ holder: Holder) -> ConcurrencyCall {
        changeInUse(by: 1)
        lanes[lane].granted &+= 1
        switch holder {
        case .anybody: anybodys += 1
        case .call:
            if let call = gradient?.begin(inFlight: inUse, now: latestInstant) { return call }
        }
        return ConcurrencyCall(began: latestInstant)
    }

    private mutating func changeInUse(by change: Int) {
        inUse += change
        gradient?.count(inFlight: inUse)
    }

    /// Hands what is free to who waits: the highest lane first, and in a lane who came first.
    private mutating func handOn() -> [Grant] {
        var grants: [Grant] = []
        while inUse < limit, let ticket = lines.lazy.compactMap(\.first).first, let waiter = remove(ticket) {
            grants.append(Grant(ticket: ticket, call: take(lane: waiter.lane, waiter.holder)))
        }
        return grants
    }

    private mutating func remove(_ ticket: UInt64) -> Waiter? {
        guard let waiter = waiters.removeValue(forKey: ticket) else { return nil }
        lines[waiter.lane].remove(ticket)
        lanes[waiter.lane].waiting -= 1
        return waiter
    }

    private func newestOfLowest(below lane: Int) -> UInt64? {
        guard let lowest = lanes.lastIndex(where: { $0.waiting > 0 }), lowest > lane else { return nil }
        return lines[lowest].last
    }
}
