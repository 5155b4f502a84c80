internal import SeawallTime

/// Bounds how many calls are under way at once: first come first served, and a free permit costs no suspension.
///
/// A permit that is released goes to the first who waits, past whoever asks later. Complexity of every operation is
/// constant, spread over many.
public final class ConcurrencyLimiter: Sendable {
    private struct State: Sendable {
        var inUse = 0
        var line = WaitingLine()
        var waiting = 0
        var suspensions = Suspensions<Void>()
    }

    /// How many permits there are.
    public let limit: Int

    private let state = Lock(State())

    /// Makes a limiter of `limit` permits, 1 or more.
    ///
    /// - Throws: `RateLimitError` of code `invalidConfiguration` where the limit is below 1.
    public init(limit: Int) throws(RateLimitError) {
        guard limit >= 1 else {
            throw RateLimitError(code: .invalidConfiguration, details: ["limit is \(limit), expected 1 or more"])
        }
        self.limit = limit
    }

    /// How many permits are held now.
    public var inUse: Int { state.withLock { $0.inUse } }

    /// How many tasks wait for one.
    public var waiting: Int { state.withLock { $0.waiting } }

    /// Takes a permit, waiting until one is free; each needs one `release()`.
    ///
    /// A permit that came before the cancellation of its task is returned all the same, and must be released.
    ///
    /// - Throws: `CancellationError` as soon as the task is cancelled while it waits, or if it was before; it then holds
    ///   no permit.
    public func acquire() async throws {
        try Task.checkCancellation()
        let ticket = state.withLock { state -> UInt64? in
            // Nobody waits while a permit is free: a release hands it on without letting it go.
            if state.inUse < limit {
                state.inUse += 1
                return nil
            }
            let ticket = state.suspensions.issueTicket()
            state.suspensions.expect(ticket)
            state.line.append(ticket)
            state.waiting += 1
            return ticket
        }
        if let ticket { try await turn(of: ticket) }
    }

    /// Gives a permit on to the first who waits, or back; without one that is held it does nothing.
    public func release() {
        let resumption = state.withLock { state -> Suspensions<Void>.Resumption? in
            guard let next = state.line.first else {
                state.inUse = max(0, state.inUse - 1)
                return nil
            }
            state.line.remove(next)
            state.waiting -= 1
            return state.suspensions.end(next, .success(()))
        }
        resumption?.resume()
    }

    /// Runs `body` with a permit that is released however `body` ends.
    ///
    /// - Throws: what `body` throws, or `CancellationError` before it has begun.
    public func withPermit<Result>(_ body: () async throws -> Result) async throws -> Result {
        try await acquire()
        defer { release() }
        return try await body()
    }

    private func turn(of ticket: UInt64) async throws {
        try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation { continuation in
                state.withLock { $0.suspensions.suspend(ticket, continuation) }?.resume()
            }
        } onCancel: {
            leave(ticket)
        }
    }

    private func leave(_ ticket: UInt64) {
        let resumption = state.withLock { state -> Suspensions<Void>.Resumption? in
            guard state.suspensions.isPending(ticket) else { return nil }
            state.line.remove(ticket)
            state.waiting -= 1
            return state.suspensions.end(ticket, .failure(CancellationError()))
        }
        resumption?.resume()
    }
}
