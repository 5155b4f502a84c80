internal import SeawallTime

/// Bounds how many calls are under way at once: by lane, first come first served in each, and a free permit costs no
/// suspension.
///
/// A permit that is released goes to the first who waits in the highest lane, past whoever asks later. Complexity of every
/// operation is constant in the number of those who wait, spread over many.
public final class ConcurrencyLimiter: Sendable {
    private struct State: Sendable {
        var limit: Int
        var inUse = 0
        var lines: [WaitingLine]
        var waiting = 0
        var suspensions = Suspensions<Void>()

        /// Hands a permit to the first who waits in the highest lane; nil where nobody does.
        mutating func handOn() -> Suspensions<Void>.Resumption?? {
            for index in lines.indices {
                guard let next = lines[index].first else { continue }
                lines[index].remove(next)
                waiting -= 1
                return .some(suspensions.end(next, .success(())))
            }
            return nil
        }
    }

    /// The lanes, highest first; one without a name where none were given.
    public let lanes: [Lane]

    private let state: Lock<State>

    /// Makes a limiter of `limit` permits, 1 or more, that are handed on by lane where lanes are given.
    ///
    /// - Throws: `RateLimitError` of code `invalidConfiguration` where the limit is below 1, or a lane stands twice.
    public init(limit: Int, lanes: [Lane] = []) throws(RateLimitError) {
        var problems = Self.problems(limit)
        for (index, lane) in lanes.enumerated() where lanes[..<index].contains(lane) {
            problems.append("lanes[\(index)] is \(lane) again, expected each once")
        }
        guard problems.isEmpty else { throw RateLimitError(code: .invalidConfiguration, details: problems) }
        self.lanes = lanes.isEmpty ? [""] : lanes
        state = Lock(State(limit: limit, lines: Array(repeating: WaitingLine(), count: max(1, lanes.count))))
    }

    private static func problems(_ limit: Int) -> [String] {
        limit >= 1 ? [] : ["limit is \(limit), expected 1 or more"]
    }

    /// How many permits there are.
    public var limit: Int { state.withLock { $0.limit } }

    /// How many permits are held now; more than there are for a while after the limit was lowered.
    public var inUse: Int { state.withLock { $0.inUse } }

    /// How many tasks wait for one.
    public var waiting: Int { state.withLock { $0.waiting } }

    /// Sets how many permits there are, 1 or more.
    ///
    /// Permits that become free go to those who wait at once. Those that are too many are not taken away: they are not
    /// handed on when they are released.
    ///
    /// - Throws: `RateLimitError` of code `invalidConfiguration` where the limit is below 1; then nothing has changed.
    public func setLimit(_ limit: Int) throws(RateLimitError) {
        let problems = Self.problems(limit)
        guard problems.isEmpty else { throw RateLimitError(code: .invalidConfiguration, details: problems) }
        let resumptions = state.withLock { state -> [Suspensions<Void>.Resumption] in
            state.limit = limit
            var resumptions: [Suspensions<Void>.Resumption] = []
            while state.inUse < limit, let handed = state.handOn() {
                state.inUse += 1
                if let handed { resumptions.append(handed) }
            }
            return resumptions
        }
        for resumption in resumptions { resumption.resume() }
    }

    /// Takes a permit if one is free, and says whether it did; each needs one `release()`.
    ///
    /// Never waits.
    public func tryAcquire() -> Bool {
        state.withLock { state in
            // Nobody waits while a permit is free: a release hands it on without letting it go.
            guard state.inUse < state.limit else { return false }
            state.inUse += 1
            return true
        }
    }

    /// Takes a permit, waiting until one is free; each needs one `release()`.
    ///
    /// A permit that came before the cancellation of its task is returned all the same, and must be released.
    ///
    /// - Parameter lane: The lane to wait in; the lowest by default.
    /// - Throws: `CancellationError` as soon as the task is cancelled while it waits, or if it was before; it then holds
    ///   no permit. `RateLimitError` of code `unknownLane`.
    public func acquire(lane: Lane? = nil) async throws {
        try Task.checkCancellation()
        guard let line = lane.map({ lanes.firstIndex(of: $0) }) ?? lanes.count - 1 else {
            throw RateLimitError(code: .unknownLane, subject: lane?.rawValue ?? "")
        }
        let ticket = state.withLock { state -> UInt64? in
            if state.inUse < state.limit {
                state.inUse += 1
                return nil
            }
            let ticket = state.suspensions.issueTicket()
            state.suspensions.expect(ticket)
            state.lines[line].append(ticket)
            state.waiting += 1
            return ticket
        }
        if let ticket { try await turn(of: ticket, in: line) }
    }

    /// Gives a permit on to the first who waits, or back; without one that is held it does nothing.
    public func release() {
        let resumption = state.withLock { state -> Suspensions<Void>.Resumption? in
            if state.inUse <= state.limit, let handed = state.handOn() { return handed }
            state.inUse = max(0, state.inUse - 1)
            return nil
        }
        resumption?.resume()
    }

    /// Runs `body` with a permit that is released however `body` ends.
    ///
    /// - Throws: what `body` throws, or before it has begun what `acquire(lane:)` does.
    public func withPermit<Result>(lane: Lane? = nil, _ body: () async throws -> Result) async throws -> Result {
        try await acquire(lane: lane)
        defer { release() }
        return try await body()
    }

    private func turn(of ticket: UInt64, in line: Int) async throws {
        try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation { continuation in
                state.withLock { $0.suspensions.suspend(ticket, continuation) }?.resume()
            }
        } onCancel: {
            leave(ticket, line)
        }
    }

    private func leave(_ ticket: UInt64, _ line: Int) {
        let resumption = state.withLock { state -> Suspensions<Void>.Resumption? in
            guard state.suspensions.isPending(ticket) else { return nil }
            state.lines[line].remove(ticket)
            state.waiting -= 1
            return state.suspensions.end(ticket, .failure(CancellationError()))
        }
        resumption?.resume()
    }
}
