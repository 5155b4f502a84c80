internal import SeawallBroker
internal import SeawallTime

extension ChaosBroker {
    /// Passes a call on, through whatever strikes it.
    func pass<Answer: Sendable>(
        _ request: FaultedCall, _ proceed: @Sendable () async throws -> Answer
    ) async throws -> Answer {
        guard touched.contains(request.call.operation) else {
            state.withLock { $0.core.count(request.call.operation) }
            return try await proceed()
        }
        let context = RequestContext.current
        // Asked before the lock: a world may be anybody's.
        let hindrances = hindrances(at: request.call.operation)
        let (ruling, now) = state.withLock { state in
            let now = environment.time.now
            let ruling = state.rule(
                on: request, Answer.self, lane: context?.lane, now: now, hindrances: hindrances)
            return (ruling, now)
        }
        defer { for gate in ruling.opens { gate.open() } }
        for hit in [ruling.world, ruling.call].compactMap(\.self) { tell(hit, request.call, context, now) }
        guard ruling.needs.watches(request.call.operation) else {
            return try await strike(request, ruling, proceed)
        }
        let answer = try await strike(request, ruling) {
            let answer = try await proceed()
            state.withLock { $0.learn(answer, of: request, now: environment.time.now) }
            return answer
        }
        return try shown(answer, to: request)
    }

    private func strike<Answer: Sendable>(
        _ request: FaultedCall, _ ruling: ChaosState.Ruling, _ proceed: @Sendable () async throws -> Answer
    ) async throws -> Answer {
        guard let world, let effect = ruling.world?.action.effect else {
            return try await apply(ruling.call?.action.effect, request, ruling.gate, proceed)
        }
        return try await strike(world, with: effect, at: request.call) {
            try await apply(ruling.call?.action.effect, request, ruling.gate, proceed)
        }
    }

    private func apply<Answer: Sendable>(
        _ effect: FaultEffect?, _ request: FaultedCall, _ gate: FaultGate?,
        _ proceed: @Sendable () async throws -> Answer
    ) async throws -> Answer {
        let time = environment.time
        switch effect {
        case nil: return try await proceed()
        case .lostBefore(let loss):
            try await time.sleep(for: loss.wait)
            throw loss.error
        case .lostAfter(let loss):
            try await settle(proceed)
            try await time.sleep(for: loss.wait)
            throw loss.error
        case .delay(let delay):
            try await time.sleep(for: delay)
            return try await proceed()
        case .delayedReply(let delay):
            let reply = await result(of: proceed)
            try await time.sleep(for: delay)
            return try reply.get()
        case .duplicate(let copy):
            let first = await result(of: proceed)
            try Task.checkCancellation()
            let second = await result(of: proceed)
            return try (copy == .first ? first : second).get()
        case .reorder(let bound):
            try await gate?.wait(until: time.now.advanced(by: bound), on: time)
            return try await proceed()
        case .rateLimited(let retryAfter):
            throw words.limit(isBan: false, retryAfter, to: request.call.operation, now: time.civilNow)
        case .banned(let retryAfter):
            throw words.limit(isBan: true, retryAfter, to: request.call.operation, now: time.civilNow)
        case .outage(_, let form), .failedPage(_, let form): throw form.error
        case .errorInside(let applied):
            if applied { try await settle(proceed) }
            throw words.errorInside(mayBeDone: applied, to: request.call.operation, now: time.civilNow)
        case .unreadable(let body, let applied):
            if applied { try await settle(proceed) }
            throw body.error
        case .error(let error, let applied):
            if applied { try await settle(proceed) }
            throw error.brokerError
        case .answer(let answer):
            if let value = answer.value(as: Answer.self) { return value }
            return try await proceed()
        case .oldAnswer(let age):
            let old: Answer? = state.withLock { $0.oldAnswer(to: request, age: age, now: time.now) }
            if let old { return old }
            return try await proceed()
        case .hiddenOrder(let client, let duration, let onStreams):
            return try await hide(client, for: duration, onStreams: onStreams, request, proceed)
        case .halfAmend(let half): return try await doHalf(half, of: request.call, proceed)
        case .mixedBatch: return try await cancelSome(request.call, proceed)
        case .emptyOrders, .emptyList, .truncatedPage, .limitUsage, .widerSpread, .zeroPrices:
            let answer = try await proceed()
            return effect?.altered(answer, of: request) ?? answer
        case .lateFills, .duplicateFills, .reorderedFills, .streamHang, .streamMute, .streamBreak, .streamFlap,
            .streamRepeat, .streamReset, .streamGap, .streamReplay, .clockStep, .machineSleep, .crash, .diskFailure,
            .venueMode, .authenticationExpiry, .secondProcess, .fill:
            return try await proceed()
        }
    }

    /// Lets the venue do what is asked and loses what it says, but not that the caller went away.
    private func settle(_ proceed: @Sendable () async throws -> some Sendable) async throws {
        do { _ = try await proceed() } catch let error as CancellationError { throw error } catch {}
    }

    private func result<Answer: Sendable>(
        of proceed: @Sendable () async throws -> Answer
    ) async -> Result<Answer, any Error> {
        do { return .success(try await proceed()) } catch { return .failure(error) }
    }
}
