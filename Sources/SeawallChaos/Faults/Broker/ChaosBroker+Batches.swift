internal import SeawallBroker
internal import SeawallTime

extension ChaosBroker {
    /// Of an amend, cancels the order and places nothing, or places the new one and cancels nothing.
    ///
    /// - Throws: The venue's words for an amend half done, or those in which it refused the half.
    func doHalf<Answer: Sendable>(
        _ half: FaultHalf, of call: BrokerCall, _ proceed: @Sendable () async throws -> Answer
    ) async throws -> Answer {
        guard let amend = call.amend else { return try await proceed() }
        switch half {
        case .cancel: _ = try await base.cancel(amend.target, symbol: amend.symbol)
        case .order:
            if let venue = base as? SimulatedVenue {
                _ = try await venue.amend(amend, keepsOld: true)
            } else {
                let old = try await base.order(amend.target, symbol: amend.symbol)
                _ = try await base.place(OrderRequest(replacing: old, by: amend))
            }
        }
        throw words.halfReplaced(half, now: environment.time.civilNow)
    }

    /// Of orders to cancel together, cancels some and answers for some.
    func cancelSome<Answer: Sendable>(
        _ call: BrokerCall, _ proceed: @Sendable () async throws -> Answer
    ) async throws -> Answer {
        guard Answer.self == [CancelResult].self, let symbol = call.symbol else { return try await proceed() }
        var targets = call.targets
        if call.operation == .cancelAll {
            let open = try await base.openOrders(for: symbol, page: nil)
            targets = open.orders.compactMap { order in order.venueID.map(OrderTarget.venue) }
        }
        let legs = targets.enumerated().map { ($1, CancelLeg.allCases[$0 % CancelLeg.allCases.count]) }
        let done = try await cancel(legs.filter { $0.1.isDone }.map(\.0), of: symbol)
        let answered = legs.compactMap { target, leg -> CancelResult? in
            switch leg {
            case .refused:
                CancelResult(target: target, result: .failure(words.overloaded(now: environment.time.civilNow)))
            case .done: done.first { $0.target == target }
            case .leftOut, .doneUnsaid: nil
            }
        }
        if let answer = answered as? Answer { return answer }
        return try await proceed()
    }

    private func cancel(_ targets: [OrderTarget], of symbol: Symbol) async throws -> [CancelResult] {
        if targets.isEmpty { return [] }
        if base.capabilities.contains(.cancelMany) { return try await base.cancel(targets, symbol: symbol) }
        var results: [CancelResult] = []
        for target in targets {
            do {
                results.append(
                    CancelResult(target: target, result: .success(try await base.cancel(target, symbol: symbol))))
            } catch let error as BrokerError {
                results.append(CancelResult(target: target, result: .failure(error)))
            }
        }
        return results
    }
}

extension OrderRequest {
    /// What is left of the order as an amend wants it, under the same name.
    fileprivate init(replacing old: Order, by amend: AmendRequest) {
        var new = old
        new.change(by: amend)
        self.init(
            symbol: new.symbol, side: new.side, quantity: .base(new.remaining), type: new.type,
            isReduceOnly: new.isReduceOnly, group: new.group, replaces: new.clientID, clientID: new.clientID)
    }
}

/// What becomes of one order of several in a batch that goes wrong; they take turns.
private enum CancelLeg: CaseIterable {
    /// Answered for, and alive.
    case refused
    /// Answered for, and cancelled.
    case done
    /// Missing from the answer, and alive.
    case leftOut
    /// Missing from the answer, and cancelled.
    case doneUnsaid

    var isDone: Bool { self == .done || self == .doneUnsaid }
}
