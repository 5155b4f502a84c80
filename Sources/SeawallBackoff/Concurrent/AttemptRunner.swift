internal import SeawallTime

/// Runs one attempt within its timeout.
struct AttemptRunner<Value: Sendable>: Sendable {
    let timeout: AttemptTimeout?
    let environment: RuntimeEnvironment
    let abandoned: AbandonedAttempts
    let operation: @Sendable (RetryAttempt) async throws -> Value

    /// Runs the attempt; a timeout is thrown as `AttemptTimedOut`, the caller's own cancellation as `CancellationError`.
    func run(_ attempt: RetryAttempt, begunAt: MonotonicInstant) async throws -> Value {
        guard let timeout, let limit = attempt.deadline else { return try await operation(attempt) }
        switch timeout {
        case .cooperative: return try await runCooperatively(attempt, begunAt: begunAt, limit: limit)
        case .abandoning: return try await runAbandoning(attempt, begunAt: begunAt, limit: limit)
        }
    }

    private enum Event: Sendable {
        case value(Value)
        case failed(any Error)
        case timeIsUp
        case timerCancelled
    }

    private func runCooperatively(
        _ attempt: RetryAttempt, begunAt: MonotonicInstant, limit: MonotonicInstant
    ) async throws -> Value {
        let bound = AttemptLimit()
        let result: Result<Value, any Error> = await withTaskGroup(of: Event.self) { group in
            group.addTask {
                do { return .value(try await operate(attempt, within: bound)) } catch { return .failed(error) }
            }
            group.addTask { await timer(until: limit) }
            var isTimeUp = false
            while let event = await group.next() {
                switch event {
                case .value(let value):
                    group.cancelAll()
                    return .success(value)
                case .failed(let error):
                    group.cancelAll()
                    // What it throws because we cancelled it is our timeout, unless the caller was cancelled too.
                    guard isTimeUp, !Task.isCancelled else { return .failure(error) }
                    return .failure(AttemptTimedOut(timeout: begunAt.duration(to: limit), underlying: error))
                case .timeIsUp:
                    isTimeUp = true
                    // Before the attempt is cancelled: what runs inside must know by whom.
                    if !Task.isCancelled { bound.end() }
                    group.cancelAll()
                case .timerCancelled:
                    continue
                }
            }
            return .failure(CancellationError())
        }
        return try result.get()
    }

    private func operate(_ attempt: RetryAttempt, within bound: AttemptLimit) async throws -> Value {
        try await AttemptLimit.$current.withValue(bound) { try await operation(attempt) }
    }

    private func timer(until limit: MonotonicInstant) async -> Event {
        do {
            try await environment.time.sleep(until: limit)
            return .timeIsUp
        } catch {
            return .timerCancelled
        }
    }

    private func runAbandoning(
        _ attempt: RetryAttempt, begunAt: MonotonicInstant, limit: MonotonicInstant
    ) async throws -> Value {
        let race = AttemptRace<Value>(abandoned: abandoned)
        let bound = AttemptLimit()
        let call = environment.spawner.spawn { [self] in
            let end: AttemptRace<Value>.End
            do { end = .value(try await operate(attempt, within: bound)) } catch { end = .failed(error) }
            race.attemptEnded(end)
        }
        let timer = environment.spawner.spawn { [environment] in
            do {
                try await environment.time.sleep(until: limit)
                race.leave(.timedOut)
            } catch {
                // Cancelled because the race is over, or because the spawner ends everything: then nobody else would.
                race.leave(.cancelled)
            }
        }
        let end = await race.wait()
        timer.cancel()
        await timer.value
        switch end {
        case .value(let value):
            return value
        case .failed(let error):
            throw error
        case .timedOut:
            bound.end()
            call.cancel()
            throw AttemptTimedOut(timeout: begunAt.duration(to: limit), underlying: nil)
        case .cancelled:
            call.cancel()
            throw CancellationError()
        }
    }
}
