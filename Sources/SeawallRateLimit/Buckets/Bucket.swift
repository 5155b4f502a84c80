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
    private let wholeCapacity: Int
    private let reservedAbove: [Int]
    /// Of these two, the one that the configuration's shape names is there.
    private var window: RollingWindow?
    private var level: DecayingLevel?
    /// Of a counter that falls and is shared: what is believed to be used by all, where the server has told.
    private var wholeLevel: DecayingLevel?
    private var pace: RollingWindow?
    private var reports: ServerReports
    /// Everything that was ever taken and not let go of while it was held, and everything of it that was settled; they may
    /// wrap around.
    ///
    /// What was settled and given back stays in both: grants that are out keep marks of them.
    private var taken = 0
    private(set) var settled = 0
    /// Of what was settled and given back: the mark at which it was taken, in the order of coming back.
    private var returned: [(mark: Int, weight: Int)] = []
    /// What came back before the last so many counts as used beside an answer to an older call, which can only hold back.
    private static let mostReturned = 64

    /// The most that a server is believed to say.
    static let highestReport = 4 * BucketConfiguration.limits.upperBound

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

    /// How much was taken since a mark and given back.
    private func returned(since mark: Int) -> Int {
        returned.reduce(0) { $1.mark &- mark >= 0 ? $0 &+ $1.weight : $0 }
    }

    /// The same counter under another configuration, with all that is known of its use.
    ///
    /// Where it remembers longer than this one did, what may have been used before is taken as it is from a predecessor.
    func reconfigured(_ other: BucketConfiguration, lanes: [Lane], clock: VenueClock?, now: Int64) -> Bucket {
        var made = Bucket(other, key: key, lanes: lanes)
        made.madeAfter = madeAfter
        made.align(clock)
        made.taken = taken
        made.settled = settled
        made.returned = returned
        made.reports = ServerReports(window: made.reports.window, alignment: made.reports.alignment, said: reports)
        let spent = spendings(now: now)
        for (instant, amount) in spent {
            made.window?.add(amount, at: instant)
            made.pace?.add(amount, at: instant)
        }
        made.level = level.flatMap { made.level?.taking($0) } ?? made.level
        made.wholeLevel = (wholeLevel ?? level).flatMap { made.wholeLevel?.taking($0) } ?? made.wholeLevel
        let sum = spent.reduce(0) { $0.addingSaturating($1.amount) }
        if level == nil {
            made.level?.add(sum)
            made.wholeLevel?.add(sum)
        }
        made.window?.hold(held)
        if level == nil {
            made.level?.hold(held)
            made.wholeLevel?.hold(held)
        }
        made.pace?.hold(held)
        // What has left does not come back under a longer memory, nor what cannot be told apart in the new form.
        let gone = window?.gone ?? now
        made.window?.forget(by: gone)
        made.pace?.forget(by: gone)
        let remembersAll = configuration.remembersAll(of: other)
        if level == nil || !remembersAll {
            made.level?.forget(by: now)
            made.wholeLevel?.forget(by: now)
        }
        made.expire(now)
        // Without a share, or in a window, what all have used stands with what the server says.
        if let wholeLevel, made.wholeLevel == nil {
            made.raise(to: wholeLevel.total - held, answering: nil, grantedAt: nil, now: now, lastGrant: nil)
        }
        if !remembersAll { made.assumePredecessor(since: now) }
        return made
    }

    /// Takes the venue's clock as the one that its fixed windows begin by; nil where it is not known.
    mutating func align(_ clock: VenueClock?) {
        guard configuration.shape == .fixed else { return }
        let alignment = clock.map { clock in
            WindowAlignment(
                length: reports.window, offset: configuration.offset.wholeNanoseconds, civil: clock.civil,
                at: clock.instant, error: clock.error)
        }
        window?.alignment = alignment
        reports.alignment = alignment
    }

    /// The venue does not count any more what was settled at an instant.
    ///
    /// What it has said of its count before stands: it may have said so when it already did not.
    mutating func release(_ weight: Int, settledAt instant: Int64, now: Int64) {
        window?.release(weight, addedAt: instant, now: now)
    }

    /// When the venue forgets what is settled at an instant.
    func forgets(_ instant: Int64) -> Int64 { window?.leaves(instant) ?? instant }

    /// Raises what is believed to be used to what the server says in answer to a call; never lowers it.
    ///
    /// Ours that was settled before that call was granted is in the server's number, and so is the call itself. Whatever
    /// else of ours is newer may be in it or not: it counts beside it. `lastGrant` is the number of the last grant of all; nil
    /// where the server has not said it.
    mutating func raise(
        to used: Int, answering answered: (weight: Int, settledBefore: Int)?, grantedAt: Int64?, now: Int64,
        resetsAt: Int64 = .max, lastGrant: UInt64?
    ) {
        let said = min(used, Self.highestReport)
        let surely = (answered?.settledBefore ?? settled) &+ (answered?.weight ?? 0)
        let returned = returned(since: surely)
        let raised = max(0, said.addingSaturating(settled &- surely &- returned))
        if wholeLevel == nil { level?.raise(to: raised) } else { wholeLevel?.raise(to: raised) }
        guard level == nil else { return }
        reports.note(
            base: said &- surely &- returned, surely: surely, heardAt: now, madeAfter: grantedAt, resetsAt: resetsAt)
        // What is released falls inside a window too.
        guard let lastGrant, !configuration.isReleasable else { return }
        reports.note(word: said &- taken, after: lastGrant, heardAt: now, madeAfter: grantedAt, resetsAt: resetsAt)
    }

    /// Counts as used what a process of the same configuration may have used until `instant`: only what its capacity
    /// left of the limit is free, and a fifth of the capacity in any case.
    mutating func assumePredecessor(since instant: Int64) {
        let spare = max(marginLeft, capacity / 5, 1)
        leave(spare, since: instant)
    }

    /// Counts as used what may have been used before `instant`.
    mutating func assume(_ predecessor: Predecessor, since instant: Int64) {
        switch predecessor {
        case .none: break
        case .unknown: assumePredecessor(since: instant)
        case .restarted(let count):
            let spare = marginLeft
            leave(count >= Int.bitWidth - 1 ? 0 : spare >> count, since: instant)
        }
    }

    private mutating func leave(_ spare: Int, since instant: Int64) {
        expire(instant)
        guard level == nil else {
            level?.raise(to: max(0, capacity.subtractingSaturating(spare)))
            return
        }
        // Whoever was before had the same share: the room is ours, whatever the others may use of theirs.
        raise(
            to: max(0, wholeCapacity.subtractingSaturating(spare)), answering: nil, grantedAt: nil, now: instant,
            lastGrant: nil)
    }

    /// Our share of what the margin leaves of the limit.
    private var marginLeft: Int {
        let left = max(0, configuration.limit.subtractingSaturating(wholeCapacity))
        return Int(clamping: Int128(left) * Int128(configuration.sharePerMille) / 1_000)
    }

    /// What was used and has not left, by instant; of a counter that falls, all at once.
    func spendings(now: Int64) -> [(instant: Int64, amount: Int)] {
        window?.spendings ?? [(now, max(0, (level?.total ?? 0) - held))]
    }

    /// What the server is believed to count, by when it was heard; of a counter that falls and is shared, what it is by now.
    func reported(now: Int64) -> [(heardAt: Int64, used: Int)] {
        reports.standing(taken: taken) + (wholeLevel.map { [(now, $0.total)] } ?? [])
    }

    /// Takes in what was spent before this was made.
    mutating func restore(_ amount: Int, spentAt instant: Int64) {
        window?.add(amount, at: instant)
        pace?.add(amount, at: instant)
        level?.restore(amount, spentAt: instant)
        wholeLevel?.restore(amount, spentAt: instant)
        taken &+= amount
        settled &+= amount
    }

    /// Takes in what the server had said before this was made.
    mutating func hear(_ used: Int, at instant: Int64) {
        if wholeLevel == nil { level?.raise(to: used, at: instant) } else { wholeLevel?.raise(to: used, at: instant) }
        guard level == nil else { return }
        reports.note(base: used &- taken, surely: settled, heardAt: instant, madeAfter: nil)
    }
}
