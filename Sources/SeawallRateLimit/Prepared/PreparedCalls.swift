internal import SeawallTime

/// The prepared calls of a limiter, and the one of them that may be answered without the lock.
struct PreparedCalls: Sendable {
    struct Entry: Sendable {
        let board: LeaseBoard
        /// What it has come to mean.
        var call: UnderstoodCall
        /// The limiter's count of what changes the meaning of calls, when this one was understood.
        var understanding: Int
    }

    private(set) var entries: [Entry?] = []
    private var free: [Int] = []
    /// What stands on a board now.
    var standing: (board: LeaseBoard, lane: Int, content: LeaseBoard.Content)?
    /// The last who has asked with the lock, if nothing else has happened since.
    var last: Int?
    private var number: UInt64 = 0

    subscript(place: Int) -> Entry? {
        get { entries[place] }
        set { entries[place] = newValue }
    }

    mutating func add(_ entry: Entry) -> Int {
        if let place = free.popLast() {
            entries[place] = entry
            return place
        }
        entries.append(entry)
        return entries.count - 1
    }

    mutating func remove(_ place: Int) {
        entries[place] = nil
        free.append(place)
        if last == place { last = nil }
    }

    /// A number that no other has had.
    mutating func nextNumber() -> UInt64 {
        number &+= 1
        return number
    }
}

extension RateLimiter.State {
    /// Takes back what was handed out without the lock: to be done before anything is decided.
    mutating func endLease() {
        prepared.last = nil
        takeDown()
    }

    private mutating func takeDown() {
        guard let (board, lane, content) = prepared.standing else { return }
        prepared.standing = nil
        let unused = board.takeDown()
        core.countRefusals(board.takeRefusals(), lane: lane)
        if case .lease(let lease) = content { core.end(lease, unused: unused) }
    }

    /// A prepared call will not be asked any more.
    mutating func forget(_ place: Int) {
        if let entry = prepared[place] {
            core.countRefusals(entry.board.takeRefusals(), lane: entry.call.lane)
        }
        prepared.remove(place)
    }

    /// Answers a prepared call inside the lock, and posts what may be answered without it.
    mutating func ask(_ place: Int, now: () -> MonotonicInstant) -> PreparedCall.Decision {
        guard let entry = prepared[place] else { return .refused(Refusal(code: .shutDown)) }
        if let standing = prepared.standing, standing.board === entry.board, case .lease = standing.content,
            case .granted(let permit) = entry.board.ask(at: now().nanoseconds)
        {
            // Another thread was here first, and has posted one.
            return .granted(permit)
        }
        takeDown()
        let instant = now()
        let isRepeated = prepared.last == place
        prepared.last = place
        switch understand(entry, place, now: instant) {
        case .failure(let error): return .refused(core.refused(error, lane: entry.call.lane))
        case .success(let call):
            switch core.tryAcquire(call, now: instant) {
            case .granted(let grant):
                if isRepeated { postLease(of: call, on: entry.board) }
                return .granted(PreparedCall.Permit(instant: grant.instant, id: grant.id, marks: grant.marks))
            case .refused(let refusal):
                if isRepeated { post(refusal, of: call, on: entry.board) }
                return .refused(refusal)
            }
        }
    }

    private mutating func understand(
        _ entry: PreparedCalls.Entry, _ place: Int, now: MonotonicInstant
    ) -> Result<UnderstoodCall, RateLimitError> {
        if entry.understanding == core.understandings { return .success(entry.call) }
        let result = core.prepare(entry.call.asked, now: now)
        if case .success(let call) = result {
            prepared[place]?.call = call
            prepared[place]?.understanding = core.understandings
        }
        return result
    }

    private mutating func postLease(of call: UnderstoodCall, on board: LeaseBoard) {
        guard let lease = core.lease(call, lasting: board.lag) else { return }
        board.post(lease, number: prepared.nextNumber())
        prepared.standing = (board, call.lane, .lease(lease))
    }

    private mutating func post(_ refusal: Refusal, of call: UnderstoodCall, on board: LeaseBoard) {
        // With nobody in the queue it stands until its instant, whoever asks meanwhile.
        guard refusal.code == .noTokens, let until = refusal.until, core.queue.isEmpty,
            let obstacle = call.tolls.firstIndex(where: {
                core.buckets[$0.bucket].configuration.name == refusal.subject
            })
        else { return }
        board.postRefusal(by: obstacle, until: until.nanoseconds, number: prepared.nextNumber())
        prepared.standing = (board, call.lane, .refusal)
    }

    /// Counts what boards have refused, also who was just about to when theirs was taken down.
    mutating func countRefusals() {
        for entry in prepared.entries {
            if let entry { core.countRefusals(entry.board.takeRefusals(), lane: entry.call.lane) }
        }
    }
}
