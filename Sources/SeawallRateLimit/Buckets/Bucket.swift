internal import SeawallTime

/// One bucket of a limiter: the venue's counter, the pace inside it, what lower lanes must leave, and the server's word.
struct Bucket: Sendable {
    let configuration: BucketConfiguration
    /// Which of the venue's counters it is, where the venue keeps one for each symbol or the like.
    let key: String
    /// The number of the last grant before it was made: nothing of that one and those before it was taken here.
    var madeAfter: UInt64 = 0
    let burst: Int
    let capacity: Int
    /// What all processes together may use: the server's count is theirs together, so it is held against this.
    let wholeCapacity: Int
    private let reservedAbove: [Int]
    /// Of these two, the one that the configuration's shape names is there.
    var window: RollingWindow?
    var level: DecayingLevel?
    /// Of a counter that falls and is shared: what is believed to be used by all, where the server has told.
    var wholeLevel: DecayingLevel?
    var pace: RollingWindow?
    var reports: ServerReports
    /// Everything that was ever taken and not let go of while it was held, and everything of it that was settled; they may
    /// wrap around.
    ///
    /// What was settled and given back stays in both: grants that are out keep marks of them.
    var taken = 0
    var settled = 0
    /// Of what was settled and given back: the mark at which it was taken, in the order of coming back.
    var returned: [(mark: Int, weight: Int)] = []
    /// What came back before the last so many counts as used beside an answer to an older call, which can only hold back.
    private static let mostReturned = 64

    /// A bucket for lanes in their order; the configuration has been judged.
    init(_ configuration: BucketConfiguration, key: String = "", lanes: [Lane]) {
        self.configuration = configuration
        self.key = key
        capacity = configuration.capacity
        wholeCapacity = configuration.wholeCapacity
        let length = configuration.window.wholeNanoseconds
        burst = configuration.burst ?? capacity
        reports = ServerReports(window: length)
        switch configuration.shape {
        case .window, .fixed: window = RollingWindow(length: length, capacity: capacity)
        case .decay:
            level = DecayingLevel(window: length, limit: configuration.limitOfShare, capacity: capacity)
            if wholeCapacity > capacity {
                wholeLevel = DecayingLevel(window: length, limit: configuration.limit, capacity: wholeCapacity)
            }
        }
        if burst < capacity {
            let product = Int128(length) * Int128(burst)
            let pieces = (product + Int128(capacity) - 1) / Int128(capacity)
            pace = RollingWindow(length: Int64(clamping: pieces), capacity: burst)
        }
        var sum = 0
        reservedAbove = lanes.map { lane in
            defer { sum += configuration.reserves[lane] ?? 0 }
            return sum
        }
    }

    /// What is believed to be used of the venue's counter.
    var used: Int { max(window?.total ?? level?.total ?? 0, usedByAll) }

    /// What the server is believed to count, with all of ours that is newer; 0 where it has said nothing.
    private var usedByAll: Int { max(wholeLevel?.total ?? 0, reports.used(taken: taken) ?? 0) }

    /// What calls under way hold of it.
    var held: Int { window?.held ?? level?.held ?? 0 }

    /// What is left of the capacity, or of the burst where that is less.
    var tokens: Int {
        let own = capacity.subtractingSaturating(window?.total ?? level?.total ?? 0)
        let left = max(0, min(own, wholeCapacity.subtractingSaturating(usedByAll)))
        guard let pace else { return left }
        return min(left, max(0, pace.capacity - pace.total))
    }

    /// True where it is as it was made.
    var isIdle: Bool { used == 0 && held == 0 && (pace?.total ?? 0) == 0 }

    /// When it is as it was made, if nothing is taken or settled until then; as of the latest `expire`.
    func emptyAt(_ now: Int64) -> Int64 {
        var instant = max(now, reports.silent(taken: taken, now: now))
        if let window { instant = max(instant, window.emptyAt(now)) }
        if let level { instant = max(instant, level.emptyAt(now)) }
        if let wholeLevel { instant = max(instant, wholeLevel.emptyAt(now)) }
        if let pace { instant = max(instant, pace.emptyAt(now)) }
        return instant
    }

    /// The longest time that anything is remembered.
    var memory: Int64 {
        (window?.length ?? level?.window ?? 0).addingSaturating(window?.grain ?? 0)
    }

    /// The heaviest weight that a lane can ever have granted.
    func heaviest(lane: Int) -> Int { burst - reservedAbove[lane] }

    /// Why there is no instant at which a toll fits; nil where there is one.
    func neverFits(_ toll: Toll, lane: Int) -> RateLimitError.Code? {
        if toll.weight > heaviest(lane: lane) { return .weightOverBurst }
        return toll.weight.addingSaturating(toll.leaving) > capacity ? .cannotBeLeft : nil
    }

    mutating func expire(_ now: Int64) {
        window?.expire(now)
        level?.fall(now)
        wholeLevel?.fall(now)
        pace?.expire(now)
        reports.expire(now)
    }

    /// How many units more a lane could have at this instant, and until when all of them would be counted alike.
    ///
    /// Nil where every instant is counted by itself. Whatever is in the window by now has been let go of before.
    func room(leaving: Int, lane: Int, now: Int64) -> (units: Int, until: Int64)? {
        guard let window, window.grain > 1 else { return nil }
        let kept = max(reservedAbove[lane], leaving)
        var units = capacity.subtractingSaturating(kept).subtractingSaturating(window.total)
        units = min(units, wholeCapacity.subtractingSaturating(kept).subtractingSaturating(usedByAll))
        var until = window.slot(of: now)
        if let pace {
            guard pace.grain > 1 else { return nil }
            units = min(units, pace.capacity - reservedAbove[lane] - pace.total)
            until = min(until, pace.slot(of: now))
        }
        return (max(0, units), until)
    }

    /// Takes back what was taken at `instant` for calls that never came, before anything else has happened.
    mutating func takeBack(_ weight: Int, takenAt instant: Int64) {
        window?.remove(weight, addedAt: instant, now: instant)
        pace?.remove(weight, addedAt: instant, now: instant)
        taken &-= weight
        settled &-= weight
    }

    /// The first instant at which the weight fits a lane, if nothing else is taken; it is at most the heaviest.
    ///
    /// Lets go first of what leaves by now.
    mutating func earliest(weight: Int, leaving: Int = 0, lane: Int, now: Int64) -> Int64 {
        expire(now)
        let needed = weight + max(reservedAbove[lane], leaving)
        var instant = now
        if let window { instant = max(instant, window.earliest(fitting: needed, now: now)) }
        if let level { instant = max(instant, level.earliest(fitting: needed, now: now)) }
        if let wholeLevel { instant = max(instant, wholeLevel.earliest(fitting: needed, now: now)) }
        if let pace { instant = max(instant, pace.earliest(fitting: weight + reservedAbove[lane], now: now)) }
        return max(instant, reports.earliest(below: wholeCapacity - needed, taken: taken, now: now))
    }

    /// Takes a weight that leaves by time alone.
    mutating func take(_ weight: Int, now: Int64) {
        window?.add(weight, at: now)
        level?.add(weight)
        wholeLevel?.add(weight)
        pace?.add(weight, at: now)
        taken &+= weight
        settled &+= weight
    }

    /// Takes a weight that stays until it is settled or let go.
    mutating func hold(_ weight: Int) {
        window?.hold(weight)
        level?.hold(weight)
        wholeLevel?.hold(weight)
        pace?.hold(weight)
        taken &+= weight
    }

    /// The call that held a weight has ended.
    mutating func settle(_ weight: Int, now: Int64) {
        window?.settle(weight, at: now)
        level?.settle(weight)
        wholeLevel?.settle(weight)
        pace?.settle(weight, at: now)
        settled &+= weight
    }

    /// The call of a grant, which held a weight, was never made.
    mutating func letGo(_ weight: Int, grant: UInt64) {
        reports.letGo(weight, grant: grant)
        window?.letGo(weight)
        level?.letGo(weight)
        wholeLevel?.letGo(weight)
        pace?.letGo(weight)
        taken &-= weight
    }

    /// Takes back what was taken at `instant` and never used, as if it had not been taken; `mark` is what had been settled
    /// before.
    mutating func giveBack(_ weight: Int, mark: Int, grant: UInt64, takenAt instant: Int64, now: Int64) {
        pace?.remove(weight, addedAt: instant, now: now)
        window?.remove(weight, addedAt: instant, now: now)
        level?.remove(weight, addedAt: instant)
        wholeLevel?.remove(weight, addedAt: instant)
        // After that it may come back a second time.
        guard weight > 0, instant.addingSaturating(memory) > now else { return }
        reports.giveBack(weight, mark: mark, grant: grant)
        returned.append((mark, weight))
        if returned.count > Self.mostReturned { returned.removeFirst() }
    }

    /// The venue does not count any more what was settled at an instant.
    ///
    /// What it has said of its count before stands: it may have said so when it already did not.
    mutating func release(_ weight: Int, settledAt instant: Int64, now: Int64) {
        window?.release(weight, addedAt: instant, now: now)
    }

    /// When the venue forgets what is settled at an instant.
    func forgets(_ instant: Int64) -> Int64 { window?.leaves(instant) ?? instant }
}
