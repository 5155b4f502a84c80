internal import SeawallTime

extension ConcurrencyLimiter {
    /// Takes a permit, waiting until one is free; each needs one `release()`.
    ///
    /// A permit that came before the cancellation of its task is returned all the same, and must be released. A learnt limit
    /// learns nothing of the call.
    ///
    /// - Parameter lane: The lane to wait in; the lowest by default.
    /// - Throws: `CancellationError` as soon as the task is cancelled while it waits, or if it was before; it then holds
    ///   no permit. `RateLimitError` of code `unknownLane`, `queueFull`, or `shed` where one of a higher lane took its place.
    public func acquire(lane: Lane? = nil) async throws {
        _ = try await take(lane, .anybody)
    }

    /// Takes a permit for one call, waiting until one is free; it is handed back with the call's outcome, once.
    ///
    /// A permit that came before the cancellation of its task is returned all the same. The time that a call takes counts
    /// from here on: waiting for a permit is not the venue's.
    ///
    /// - Parameter lane: The lane to wait in; the lowest by default.
    /// - Throws: As `acquire(lane:)`.
    public func acquirePermit(lane: Lane? = nil) async throws -> ConcurrencyPermit {
        ConcurrencyPermit(self, try await take(lane, .call))
    }

    /// Runs `body` with a permit that is handed back however `body` ends.
    ///
    /// A learnt limit learns from a body that returns, unless its task has been cancelled; of one that throws what `outcome`
    /// makes of its error, and from a `CancellationError` nothing.
    ///
    /// - Parameters:
    ///   - lane: The lane to wait in; the lowest by default.
    ///   - outcome: What an error says of the venue's load; nothing unless told. An overload or a timeout is `dropped`.
    ///   - body: The call.
    /// - Throws: what `body` throws, or before it has begun what `acquire(lane:)` does.
    public func withPermit<Result>(
        lane: Lane? = nil, outcome: (any Error) -> ConcurrencyOutcome = { _ in .ignored },
        _ body: () async throws -> Result
    ) async throws -> Result {
        let call = try await take(lane, .call)
        do {
            let result = try await body()
            finish(call, Task.isCancelled ? .ignored : .succeeded)
            return result
        } catch {
            finish(call, error is CancellationError ? .ignored : outcome(error))
            throw error
        }
    }

    private func take(_ lane: Lane?, _ holder: ConcurrencyCore.Holder) async throws -> ConcurrencyCall {
        try Task.checkCancellation()
        guard let line = lane.map({ lanes.firstIndex(of: $0) }) ?? lanes.count - 1 else {
            throw RateLimitError(code: .unknownLane, subject: lane?.rawValue ?? "")
        }
        let (ticket, admission, shed) = enqueue(line, holder)
        shed?.resume()
        switch admission {
        case .granted(let call): return call
        case .refused(let code): throw RateLimitError(code: code)
        case .waiting:
            var call = try await turn(of: ticket)
            // Until it runs again, a task waits for a thread of this machine and not for the venue.
            call.began = max(call.began, now)
            return call
        }
    }

    private func enqueue(
        _ line: Int, _ holder: ConcurrencyCore.Holder
    ) -> (UInt64, ConcurrencyCore.Admission, Suspensions<ConcurrencyCall>.Resumption?) {
        state.withLock { state in
            let ticket = state.suspensions.issueTicket()
            let admission = state.core.acquire(lane: line, holder, ticket: ticket, now: now)
            guard case .waiting(let shed) = admission else { return (ticket, admission, nil) }
            state.suspensions.expect(ticket)
            let resumption = shed.flatMap {
                state.suspensions.end($0, .failure(RateLimitError(code: .shed)))
            }
            return (ticket, admission, resumption)
        }
    }

    private func turn(of ticket: UInt64) async throws -> ConcurrencyCall {
        try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation { continuation in
                state.withLock { $0.suspensions.suspend(ticket, continuation) }?.resume()
            }
        } onCancel: {
            leave(ticket)
        }
    }

    private func leave(_ ticket: UInt64) {
        let resumption = state.withLock { state in
            state.core.cancel(ticket) ? state.suspensions.end(ticket, .failure(CancellationError())) : nil
        }
        resumption?.resume()
    }
}
