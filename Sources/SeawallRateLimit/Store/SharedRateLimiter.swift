public import SeawallTime

/// Asks a store that several processes share before each call.
///
/// One at a time asks, by lane and then in the order of asking, and for one question alone: while a refused call waits for
/// its time, others ask. So a higher lane waits for no more than the question under way, `patience` at most.
///
/// Calls of one lane that name the same buckets and the same key go strictly in the order of asking: who was refused comes
/// before those behind him, however light they are. Nothing else keeps an order among those who were refused: while one
/// waits for its time, calls of other lanes and other buckets may be granted what it waits for, those of lower lanes too.
/// What a lane must find is kept for it by the store's `reserves`. Among processes there is no order.
///
/// A store that does not answer in time, fails, or says what makes no sense grants nothing: the call is refused with an error
/// that names it. The task of a question without an answer is cancelled after `patience`. A store that does not obey that
/// either is left with 64 of them: until one ends, calls are refused at once.
public final class SharedRateLimiter: Sendable {
    /// Leave to make one call, and until when it may be handed over.
    public struct Lease: Hashable, Sendable {
        /// Before this instant the call must be handed over, and better have ended; counted from before the store was asked.
        public let validUntil: MonotonicInstant

        let lease: StoreLease
    }

    /// What came of one question.
    private enum Step: Sendable {
        case granted(Lease)
        case again(MonotonicInstant)
    }

    /// Who has been told to ask again at once asks again after this.
    private static let leastPause = Duration.milliseconds(1)
    /// Others give back too: nobody stays away for longer, whatever the store says.
    private static let longestPause = Duration.seconds(60)

    /// The most questions whose tasks have not ended.
    ///
    /// One at a time asks, so all but one have been given up: by silence, or by the deadlines of their callers. At the default
    /// patience so many are five minutes of silence, or as many callers who give a slow store no time to answer.
    static let mostQuestions = 64

    private let store: any RateLimitStore
    private let time: any TimeSource
    private let spawner: TaskSpawner
    private let patience: Duration
    /// Who may ask now.
    private let line: ConcurrencyLimiter
    private let lines = Lock(StoreLines())
    /// How many questions have tasks that have not ended.
    private let questions = Lock(0)

    /// Makes the face of a store.
    ///
    /// - Parameters:
    ///   - store: Who keeps the limits.
    ///   - lanes: The lanes, highest first; each once, as the store has them.
    ///   - patience: How long the store may take for one answer before its task is cancelled, 5 s by default; above zero.
    ///   - environment: The time and the tasks.
    /// - Throws: one `RateLimitError` of code `invalidConfiguration` where a lane stands twice or there is no patience.
    public init(
        store: any RateLimitStore, lanes: [Lane], patience: Duration = .seconds(5),
        environment: RuntimeEnvironment = RuntimeEnvironment()
    ) throws(RateLimitError) {
        self.store = store
        self.patience = patience
        time = environment.time
        spawner = environment.spawner
        let impatience = patience > .zero ? [] : ["patience is \(patience), expected above 0 seconds"]
        do throws(RateLimitError) {
            // Those of each lane are counted before they come here.
            line = try ConcurrencyLimiter(limit: 1, lanes: lanes, maximumWaiters: 1_000_000)
        } catch {
            throw RateLimitError(code: error.code, subject: store.name, details: error.details + impatience)
        }
        guard impatience.isEmpty else {
            throw RateLimitError(code: .invalidConfiguration, subject: store.name, details: impatience)
        }
    }

    /// Takes the weights of a call, waiting until the store grants them.
    ///
    /// At the deadline it ends, wherever it waits: in line, for its time, or for an answer. An instant is granted before the
    /// deadline, never at it. What the store grants after that is given back.
    ///
    /// - Throws: `CancellationError`, and then nothing stays taken; `RateLimitError` of code `deadlineExceeded` (also at once,
    ///   where the store says that it cannot be met), `unknownLane`, `queueFull` where 1,000 calls of the lane wait,
    ///   `storeRefused` for what the store will never grant, or `storeFailed`, whatever the store has thrown.
    public func acquire(_ charge: Charge, lane: Lane, deadline: MonotonicInstant? = nil) async throws -> Lease {
        try Task.checkCancellation()
        guard line.lanes.contains(lane) else { throw RateLimitError(code: .unknownLane, subject: lane.rawValue) }
        guard let deadline else { return try await enter(charge, lane: lane, deadline: .distantFuture) }
        guard time.now < deadline else { throw error(.deadlineExceeded) }
        return try await withThrowingTaskGroup(of: Lease?.self) { [time] group in
            group.addTask { try await self.enter(charge, lane: lane, deadline: deadline) }
            group.addTask {
                try? await time.sleep(until: deadline)
                return nil
            }
            defer { group.cancelAll() }
            if let lease = try await group.next() ?? nil { return lease }
            group.cancelAll()
            do {
                // It may have come in the same instant.
                if let lease = try await group.next() ?? nil { return lease }
            } catch is CancellationError {
                try Task.checkCancellation()
            }
            throw error(.deadlineExceeded)
        }
    }

    /// Stands in line with its like until it has its turn, and then asks until it is granted.
    private func enter(_ charge: Charge, lane: Lane, deadline: MonotonicInstant) async throws -> Lease {
        let kind = StoreLines.Kind(charge, lane: lane)
        let own = try lines.withLock { lines throws(RateLimitError) in try lines.enter(kind) }
        defer { lines.withLock { $0.leave(kind) } }
        return try await own.withPermit {
            while true {
                let step = try await line.withPermit(lane: lane) {
                    try await askOnce(charge, lane: lane, deadline: deadline)
                }
                switch step {
                case .granted(let lease): return lease
                case .again(let instant): try await time.sleep(until: instant)
                }
            }
        }
    }

    private func askOnce(_ charge: Charge, lane: Lane, deadline: MonotonicInstant) async throws -> Step {
        try Task.checkCancellation()
        let asked = time.now
        guard asked < deadline else { throw error(.deadlineExceeded) }
        guard let answer = try await answer(to: charge, lane: lane, by: asked.advanced(by: patience)) else {
            throw time.now >= deadline
                ? error(.deadlineExceeded) : error(.storeFailed, "no answer within \(patience)")
        }
        switch answer {
        case .granted(let granted):
            let lease = Lease(validUntil: asked.advanced(by: granted.lasts), lease: granted)
            do {
                try check(lease, deadline: deadline)
            } catch {
                giveBack(lease)
                throw error
            }
            return .granted(lease)
        case .refused(nil, let reason): throw error(.storeRefused, reason)
        case .refused(let after?, _):
            let pause = min(Self.longestPause, max(Self.leastPause, after))
            let next = time.now.advanced(by: pause)
            guard next < deadline else { throw error(.deadlineExceeded, until: next) }
            return .again(next)
        }
    }

    /// Throws where a lease is of no use by now.
    private func check(_ lease: Lease, deadline: MonotonicInstant) throws {
        let lasts = lease.lease.lasts
        guard lasts > .zero else { throw error(.storeFailed, "a lease of \(lasts), expected above 0 seconds") }
        let now = time.now
        guard now < lease.validUntil else {
            throw error(.storeFailed, "a lease of \(lasts), expected one that lasts longer than the answer takes")
        }
        try Task.checkCancellation()
        guard now < deadline else { throw error(.deadlineExceeded) }
    }

    /// Says that the call has really ended; where the store is not reached, its lease ends by itself.
    public func settle(_ lease: Lease) {
        spawner.spawn { [store] in try? await store.settle(lease.lease) }
    }

    /// Says that the call was not made; where the store is not reached, it counts as if it had been.
    public func giveBack(_ lease: Lease) { giveBack(lease.lease) }

    private func giveBack(_ lease: StoreLease) {
        spawner.spawn { [store] in try? await store.giveBack(lease) }
    }

    /// Asks once; a store that is silent until the end is told to stop, and what it grants too late is given back.
    ///
    /// Nil where there is no answer by then.
    private func answer(
        to charge: Charge, lane: Lane, by end: MonotonicInstant
    ) async throws -> StoreAnswer? {
        let isOneTooMany = questions.withLock { questions in
            if questions >= Self.mostQuestions { return true }
            questions += 1
            return false
        }
        if isOneTooMany { throw error(.storeFailed, "\(Self.mostQuestions) questions have had no answer yet") }
        let question = StoreQuestion()
        spawner.spawn { [self] in
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.put(question, charge, lane: lane) }
                group.addTask { [time] in
                    try? await time.sleep(until: end)
                    question.answer(.success(nil))
                }
                await group.next()
                group.cancelAll()
            }
            questions.withLock { $0 -= 1 }
        }
        return try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation { question.wait($0) }
        } onCancel: {
            question.answer(.failure(CancellationError()))
        }
    }

    private func put(_ question: StoreQuestion, _ charge: Charge, lane: Lane) async {
        do {
            let answer = try await store.take(charge, lane: lane)
            // By a task of its own: this one may have been cancelled.
            if !question.answer(.success(answer)), case .granted(let lease) = answer { giveBack(lease) }
        } catch {
            // Whatever it is, also an error of ours or a cancellation that is not the caller's.
            question.answer(.failure(self.error(.storeFailed, "\(error)")))
        }
    }

    private func error(
        _ code: RateLimitError.Code, _ detail: String? = nil, until: MonotonicInstant? = nil
    ) -> RateLimitError {
        RateLimitError(code: code, subject: store.name, until: until, details: detail.map { [$0] } ?? [])
    }
}
