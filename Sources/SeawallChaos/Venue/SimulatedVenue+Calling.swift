internal import SeawallBroker
internal import SeawallTime

extension SimulatedVenue {
    /// Makes a request: its way there, the door, the server's queue, the work, and the way back.
    ///
    /// A request is under way from the start: where the caller is cancelled it arrives all the same.
    func call<Answer: Sendable>(
        _ operation: BrokerOperation, needs capability: BrokerCapability? = nil, about summary: VenueEvent? = nil,
        order: OrderRequest? = nil, targets: [OrderTarget] = [],
        _ work: @escaping @Sendable (inout VenueState) throws(Refusal) -> Answer
    ) async throws -> Answer {
        if let capability, !profile.capabilities.contains(capability) { throw BrokerError.lacks(capability) }
        try Task.checkCancellation()
        let context = RequestContext.current
        let called = time.now
        let call = VenueCall(
            operation: operation, summary: summary ?? VenueEvent(.arrived, time: called), order: order,
            name: VenueRequest.id, sentAt: context?.sentAt ?? called,
            signedAt: operation.needsKey ? signature(context, called) : nil, targets: targets, work: work)
        let (latencies, isClosed) = state.withLock { ($0.drawLatencies(), $0.isClosed) }
        if isClosed {
            throw BrokerError(code: .transport, message: "the simulated venue is closed", delivery: .notSent)
        }
        let arrival = called.advanced(by: latencies.request)
        try await travel(until: arrival) { [self] in
            if case .queued(let ready, let arrivedAt, _) = arrive(call).arrival {
                if ready > time.now { try await time.sleep(until: ready) }
                execute(call, arrivedAt: arrivedAt)
            }
        }
        let (arrived, mark) = arrive(call)
        let result: Result<Answer, BrokerError>
        switch arrived {
        case .refused(let error, _):
            result = .failure(error)
            await waitUntilTold(mark)
        case .queued(let ready, let arrivedAt, _):
            try await travel(until: ready) { [self] in execute(call, arrivedAt: arrivedAt) }
            let done = execute(call, arrivedAt: arrivedAt)
            result = done.result
            await waitUntilTold(done.mark)
        }
        if latencies.reply > .zero { try await time.sleep(for: latencies.reply) }
        context?.report(headers: arrived.headers)
        return try result.get()
    }

    /// What the adapter signs a request with: the time that its guard tells it, or its machine's when it was handed over.
    private func signature(_ context: RequestContext?, _ called: MonotonicInstant) -> CivilInstant {
        if let signedAt = VenueRequest.signedAt { return signedAt }
        guard let context else { return time.civilNow }
        if let venueTime = context.venueTime { return venueTime }
        return time.civilNow.advanced(by: called.duration(to: context.sentAt))
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
            let symbol = call.summary.symbol
            let refusal = state.gate.admit(
                VenueGate.Visitor(
                    operation: call.operation, symbol: symbol,
                    ages: state.exchange.ages(call.operation, call.targets, symbol: symbol), sentAt: call.sentAt),
                at: now)
            let headers = state.gate.headers(symbol: symbol, at: now)
            if let refusal, let limit = refusal.limit {
                let error = state.exchange.error(of: refusal, to: call.operation)
                event.kind = limit.isBan ? .banned : .limited
                event.limitScope = limit.scope
                event.until = limit.until
                event.reason = state.exchange.words(of: refusal, to: call.operation)
                state.record(event)
                if limit.isBan { state.exchange.counts.banned += 1 } else { state.exchange.counts.limited += 1 }
                return VenueArrival.refused(error, headers: headers)
            }
            if let refusal = state.refusalBeforeWork(call, at: now) {
                return .refused(state.exchange.error(of: refusal, to: call.operation), headers: headers)
            }
            return .queued(until: state.queue(at: now), arrivedAt: now, headers: headers)
        }
        return (arrival, mark)
    }

    /// What the engine does; an order is asked for its age once more before it reaches it.
    @discardableResult
    private func execute<Answer>(
        _ call: VenueCall<Answer>, arrivedAt: MonotonicInstant
    ) -> (result: Result<Answer, BrokerError>, mark: Int) {
        act { state, now in
            if let refusal = state.refusalBeforeWork(call, at: now) {
                return .failure(state.exchange.error(of: refusal, to: call.operation))
            }
            state.exchange.requestArrivedAt = arrivedAt
            do throws(Refusal) {
                return .success(try call.work(&state))
            } catch {
                return .failure(state.exchange.error(of: error, to: call.operation))
            }
        }
    }
}

extension VenueState {
    /// The refusal of a request whose key or time the venue does not take, or that its mode does not let through.
    ///
    /// The time is the one that the client signed with, by its own machine's clock, against the venue's.
    mutating func refusalBeforeWork<Answer>(_ call: VenueCall<Answer>, at now: MonotonicInstant) -> Refusal? {
        let refusal: Refusal
        if let end = keyIsRefusedUntil, now < end, call.operation.needsKey {
            refusal = call.operation == .userStream ? .sessionExpired : .authentication
        } else if let signedAt = call.signedAt, let skewed = exchange.refusal(ofRequestSignedAt: signedAt) {
            refusal = skewed
        } else if exchange.status.mode == .maintenance, call.operation != .status, call.operation != .time {
            refusal = .maintenance
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
