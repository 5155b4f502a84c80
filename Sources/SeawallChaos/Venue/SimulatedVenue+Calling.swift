internal import SeawallBroker
internal import SeawallTime

extension SimulatedVenue {
    /// Makes a request: its way there, the door, the server's queue, the work, and the way back.
    ///
    /// A request is under way from the start: where the caller is cancelled it arrives all the same.
    func call<Answer: Sendable>(
        _ operation: BrokerOperation, needs capability: BrokerCapability? = nil, about summary: VenueEvent? = nil,
        order: OrderRequest? = nil, _ work: @escaping @Sendable (inout VenueState) throws(Refusal) -> Answer
    ) async throws -> Answer {
        if let capability, !profile.capabilities.contains(capability) { throw BrokerError.lacks(capability) }
        try Task.checkCancellation()
        let context = RequestContext.current
        let called = time.now
        let call = VenueCall(
            operation: operation, summary: summary ?? VenueEvent(.arrived, time: called), order: order,
            name: VenueRequest.id, sentAt: context?.sentAt ?? called, work: work)
        let (latencies, isClosed) = state.withLock { ($0.drawLatencies(), $0.isClosed) }
        if isClosed {
            throw BrokerError(code: .transport, message: "the simulated venue is closed", delivery: .notSent)
        }
        let arrival = called.advanced(by: latencies.request)
        try await travel(until: arrival) { [self] in
            if case .queued(let ready, _) = arrive(call).arrival {
                if ready > time.now { try await time.sleep(until: ready) }
                execute(call)
            }
        }
        let (arrived, mark) = arrive(call)
        var result: Result<Answer, Refusal>
        switch arrived {
        case .refused(let refusal, _):
            result = .failure(refusal)
            await waitUntilTold(mark)
        case .queued(let ready, _):
            try await travel(until: ready) { [self] in execute(call) }
            let done = execute(call)
            result = done.result
            await waitUntilTold(done.mark)
        }
        if latencies.reply > .zero { try await time.sleep(for: latencies.reply) }
        context?.report(headers: arrived.headers)
        switch result {
        case .success(let answer): return answer
        case .failure(let refusal): throw refusal.brokerError
        }
    }

    /// Waits until `instant`; where the caller is cancelled meanwhile, `rest` is done at that instant without it.
    private func travel(
        until instant: MonotonicInstant, rest: @escaping @Sendable () async throws -> Void
    ) async throws {
        guard instant > time.now else { return }
        do {
            try await time.sleep(until: instant)
        } catch {
            carryOn { [time] in
                try await time.sleep(until: instant)
                try await rest()
            }
            throw error
        }
    }

    /// What happens at the door.
    private func arrive<Answer>(_ call: VenueCall<Answer>) -> (arrival: VenueArrival, mark: Int) {
        let (arrival, mark) = act { state, now in
            var event = call.summary
            event.kind = .arrived
            event.time = now
            event.request = call.name
            event.operation = call.operation
            state.record(event)
            state.exchange.counts.requests += 1
            let refusal = state.gate.admit(
                call.operation, hasSymbol: call.summary.symbol != nil, sentAt: call.sentAt, at: now)
            let headers = state.gate.headers(at: now)
            if let refusal, let limit = refusal.limit {
                event.kind = limit.isBan ? .banned : .limited
                event.limitScope = limit.scope
                event.until = limit.until
                event.reason = "\(refusal.code) \(refusal.message)"
                state.record(event)
                if limit.isBan { state.exchange.counts.banned += 1 } else { state.exchange.counts.limited += 1 }
                return VenueArrival.refused(refusal, headers: headers)
            }
            if let refusal = state.refusalBeforeWork(call, at: now) {
                return .refused(refusal, headers: headers)
            }
            return .queued(until: state.queue(at: now), headers: headers)
        }
        return (arrival, mark)
    }

    /// What the engine does; an order is asked for its age once more before it reaches it.
    @discardableResult
    private func execute<Answer>(_ call: VenueCall<Answer>) -> (result: Result<Answer, Refusal>, mark: Int) {
        act { state, now in
            if let refusal = state.refusalBeforeWork(call, at: now) { return .failure(refusal) }
            do throws(Refusal) {
                return .success(try call.work(&state))
            } catch {
                return .failure(error)
            }
        }
    }
}

extension VenueState {
    /// The refusal of a request that is too old, or that the venue's mode does not let through.
    mutating func refusalBeforeWork<Answer>(_ call: VenueCall<Answer>, at now: MonotonicInstant) -> Refusal? {
        let refusal: Refusal
        if let end = keyIsRefusedUntil, now < end, call.operation.needsKey {
            refusal = call.operation == .userStream ? .sessionExpired : .keyRefused
        } else if call.sentAt.advanced(by: exchange.profile.receiveWindow) < now {
            refusal = .staleRequest
        } else if exchange.status.mode == .maintenance, call.operation != .status, call.operation != .time {
            refusal = exchange.modeRefusal
        } else {
            return nil
        }
        if let order = call.order { exchange.recordRefusal(order, refusal, name: call.name) }
        return refusal
    }

    /// When the driver of that generation has to wake; nil where it has to end.
    func wake(of generation: Int) -> MonotonicInstant? {
        driver.generation == generation && !isClosed ? driver.wake : nil
    }
}

extension BrokerOperation {
    /// True where the venue asks for the account's key; what every visitor may ask needs none.
    var needsKey: Bool {
        switch self {
        case .ticker, .candles, .depth, .rules, .status, .time, .marketStream: false
        case .place, .amend, .cancel, .cancelMany, .cancelAll, .query, .openOrders, .history, .fills, .balances,
            .positions, .preview, .timer, .fees, .permissions, .limits, .userStream:
            true
        }
    }
}
