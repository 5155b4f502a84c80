public import SeawallTime

/// Asks a store that several processes share before each call.
///
/// One at a time asks, by lane and then in the order of asking, so that no call of this process goes before an earlier one of
/// its lane. Among processes there is no order. A store that does not answer in time, fails, or says what makes no sense
/// grants nothing: the call is refused with an error that names it.
public final class SharedRateLimiter: Sendable {
    /// Leave to make one call, and until when it may be handed over.
    public struct Lease: Hashable, Sendable {
        /// Before this instant the call must be handed over, and better have ended; counted from before the store was asked.
        public let validUntil: MonotonicInstant

        let lease: StoreLease
    }

    private typealias Answered = UnsafeContinuation<StoreAnswer?, any Error>

    /// One question that is answered once, by the store, by the time, or by whoever does not wait any more.
    private final class Question: Sendable {
        private enum Stage: Sendable {
            case asked
            case waiting(Answered)
            case over(Result<StoreAnswer?, any Error>?)
        }

        private let stage = Lock(Stage.asked)

        func wait(_ continuation: Answered) {
            let result = stage.withLock { stage -> Result<StoreAnswer?, any Error>? in
                if case .over(let result) = stage { return result }
                stage = .waiting(continuation)
                return nil
            }
            if let result { continuation.resume(with: result) }
        }

        /// False where it has been answered before.
        @discardableResult
        func answer(_ result: Result<StoreAnswer?, any Error>) -> Bool {
            let (isFirst, waiting) = stage.withLock { stage -> (Bool, Answered?) in
                switch stage {
                case .asked:
                    stage = .over(result)
                    return (true, nil)
                case .waiting(let continuation):
                    stage = .over(nil)
                    return (true, continuation)
                case .over: return (false, nil)
                }
            }
            waiting?.resume(with: result)
            return isFirst
        }
    }

    /// Who has been told to ask again at once asks again after this.
    private static let leastPause = Duration.milliseconds(1)
    /// Others give back too: nobody stays away for longer, whatever the store says.
    private static let longestPause = Duration.seconds(60)

    private let store: any RateLimitStore
    private let time: any TimeSource
    private let spawner: TaskSpawner
    private let patience: Duration
    private let line: ConcurrencyLimiter

    /// Makes the face of a store.
    ///
    /// - Parameters:
    ///   - store: Who keeps the limits.
    ///   - lanes: The lanes, highest first; each once, as the store has them.
    ///   - patience: How long the store may take for one answer, 5 s by default.
    ///   - environment: The time and the tasks.
    /// - Throws: `RateLimitError` of code `invalidConfiguration` where a lane stands twice.
    public init(
        store: any RateLimitStore, lanes: [Lane], patience: Duration = .seconds(5),
        environment: RuntimeEnvironment = RuntimeEnvironment()
    ) throws(RateLimitError) {
        self.store = store
        self.patience = patience
        time = environment.time
        spawner = environment.spawner
        line = try ConcurrencyLimiter(limit: 1, lanes: lanes)
    }

    /// Takes the weights of a call, waiting until the store grants them.
    ///
    /// - Throws: `CancellationError`, and then nothing stays taken; `RateLimitError` of code `deadlineExceeded`, `unknownLane`,
    ///   `storeRefused` for what the store will never grant, or `storeFailed`.
    public func acquire(_ charge: Charge, lane: Lane, deadline: MonotonicInstant? = nil) async throws -> Lease {
        try await line.withPermit(lane: lane) {
            while true {
                try Task.checkCancellation()
                let asked = time.now
                guard asked < deadline ?? .distantFuture else { throw error(.deadlineExceeded) }
                switch try await ask(charge, lane: lane, until: asked.advanced(by: patience)) {
                case .granted(let lease):
                    guard lease.lasts > .zero else {
                        throw error(.storeFailed, "a lease of \(lease.lasts), expected above 0 seconds")
                    }
                    let validUntil = asked.advanced(by: lease.lasts)
                    let isLate = time.now >= min(validUntil, deadline ?? .distantFuture)
                    guard !isLate, !Task.isCancelled else {
                        giveBack(Lease(validUntil: validUntil, lease: lease))
                        try Task.checkCancellation()
                        throw error(.deadlineExceeded)
                    }
                    return Lease(validUntil: validUntil, lease: lease)
                case .refused(nil, let reason): throw error(.storeRefused, reason)
                case .refused(let after?, _):
                    let pause = min(Self.longestPause, max(Self.leastPause, after))
                    let next = time.now.advanced(by: pause)
                    if let deadline, next >= deadline { throw error(.deadlineExceeded, until: next) }
                    try await time.sleep(until: next)
                }
            }
        }
    }

    /// Says that the call has really ended; where the store is not reached, its lease ends by itself.
    public func settle(_ lease: Lease) {
        spawner.spawn { [store] in try? await store.settle(lease.lease) }
    }

    /// Says that the call was not made; where the store is not reached, it counts as if it had been.
    public func giveBack(_ lease: Lease) {
        spawner.spawn { [store] in try? await store.giveBack(lease.lease) }
    }

    /// Asks once; a store that is still silent at the end is left alone, and what it grants too late is given back.
    private func ask(_ charge: Charge, lane: Lane, until end: MonotonicInstant) async throws -> StoreAnswer {
        let question = Question()
        spawner.spawn { [store] in
            do {
                let answer = try await store.take(charge, lane: lane)
                if !question.answer(.success(answer)), case .granted(let lease) = answer {
                    try? await store.giveBack(lease)
                }
            } catch {
                question.answer(.failure(error))
            }
        }
        let timer = spawner.spawn { [time] in
            try? await time.sleep(until: end)
            question.answer(.success(nil))
        }
        defer { timer.cancel() }
        do {
            let answer = try await withTaskCancellationHandler {
                try await withUnsafeThrowingContinuation { question.wait($0) }
            } onCancel: {
                question.answer(.failure(CancellationError()))
            }
            guard let answer else { throw error(.storeFailed, "no answer within \(patience)") }
            return answer
        } catch let failure as RateLimitError {
            throw failure
        } catch {
            try Task.checkCancellation()
            throw self.error(.storeFailed, "\(error)")
        }
    }

    private func error(
        _ code: RateLimitError.Code, _ detail: String? = nil, until: MonotonicInstant? = nil
    ) -> RateLimitError {
        RateLimitError(code: code, subject: store.name, until: until, details: detail.map { [$0] } ?? [])
    }
}
