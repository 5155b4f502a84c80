internal import SeawallBroker
internal import SeawallTime

extension ChaosBroker {
    /// Strikes the world at a call, and lets the call go on unless its process has ended.
    func strike<Answer: Sendable>(
        _ world: any FaultWorld, with effect: FaultEffect, at call: BrokerCall,
        _ proceed: () async throws -> Answer
    ) async throws -> Answer {
        switch effect {
        case .clockStep(let step): world.stepClock(by: step)
        case .machineSleep(let duration): world.sleepMachine(for: duration)
        case .diskFailure(let failure, let duration): world.failDisk(failure, for: duration)
        case .venueMode(let mode, let duration): world.setVenueMode(mode, for: duration)
        case .authenticationExpiry(let duration): world.expireAuthentication(for: duration)
        case .secondProcess(let perMille, let duration): world.spendLimits(perMille: perMille, for: duration)
        case .crash(let moment):
            if moment == .after { _ = try? await proceed() }
            world.crashMachine()
            throw BrokerError(code: .transport, message: "the process has ended", delivery: .maybeSent)
        case .fill(let perMille, let moment, let hold):
            return try await fill(world, perMille, moment, hold, call, proceed)
        default: break
        }
        return try await proceed()
    }

    private func fill<Answer: Sendable>(
        _ world: any FaultWorld, _ perMille: Int, _ moment: FaultMoment, _ hold: Duration, _ call: BrokerCall,
        _ proceed: () async throws -> Answer
    ) async throws -> Answer {
        func fill(_ target: OrderTarget?) {
            guard let target, let symbol = call.symbol else { return }
            world.fill(target, symbol: symbol, perMille: perMille)
        }
        if moment == .before { fill(call.targets.first) }
        let reply: Result<Answer, any Error>
        do { reply = .success(try await proceed()) } catch { reply = .failure(error) }
        if moment == .after { fill(call.target(in: try? reply.get())) }
        if hold > .zero { try await environment.time.sleep(for: hold) }
        return try reply.get()
    }
}

extension BrokerCall {
    /// The order that the call is about, from its answer where there is one.
    fileprivate func target(in answer: (some Any)?) -> OrderTarget? {
        if let id = (answer as? Order)?.venueID { return .venue(id) }
        return order?.clientID.map(OrderTarget.client) ?? targets.first
    }
}
