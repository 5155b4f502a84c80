public import SeawallBroker

extension DeterministicBroker {
    /// Takes the order, which works from now on under the ids `V1`, `V2` and so on.
    public func place(_ order: OrderRequest) async throws -> Order {
        try answer(BrokerCall(.place, symbol: order.symbol, order: order)) { state in
            state.placed += 1
            let placed = Order(
                venueID: VenueOrderID("V\(state.placed)"), clientID: order.clientID, intent: order.intent,
                symbol: order.symbol, side: order.side, quantity: order.quantity.amount, type: order.type,
                status: .working, isReduceOnly: order.isReduceOnly, group: order.group)
            state.answers.orders.append(placed)
            return placed
        }
    }

    /// Changes the order.
    ///
    /// - Throws: a `BrokerError` with the venue code `-2013` where there is none of that id.
    public func amend(_ amend: AmendRequest) async throws -> Order {
        let call = BrokerCall(.amend, symbol: amend.symbol, targets: [amend.target], amend: amend)
        return try answer(call) { state in
            let index = try state.answers.index(of: amend.target, amend.symbol, code: "-2013")
            state.answers.orders[index].change(by: amend)
            return state.answers.orders[index]
        }
    }

    /// Cancels the order.
    ///
    /// - Throws: a `BrokerError` with the venue code `-2011` where there is none of that id, or where it is over.
    public func cancel(_ target: OrderTarget, symbol: Symbol) async throws -> Order {
        try answer(BrokerCall(.cancel, symbol: symbol, targets: [target])) { state in
            try state.answers.cancel(target, symbol)
        }
    }

    /// Cancels the orders, with a result for each.
    public func cancel(_ targets: [OrderTarget], symbol: Symbol) async throws -> [CancelResult] {
        try answer(BrokerCall(.cancelMany, symbol: symbol, targets: targets)) { state in
            targets.map { target in
                do {
                    return CancelResult(target: target, result: .success(try state.answers.cancel(target, symbol)))
                } catch {
                    return CancelResult(target: target, result: .failure(BrokerError(cancelFailed: error)))
                }
            }
        }
    }

    /// Cancels every order of the symbol.
    public func cancelAll(for symbol: Symbol) async throws -> [CancelResult] {
        try answer(BrokerCall(.cancelAll, symbol: symbol)) { state in
            state.answers.orders.indices.compactMap { index in
                let order = state.answers.orders[index]
                guard order.symbol == symbol, !order.status.isTerminal, let id = order.venueID else { return nil }
                state.answers.orders[index].status = .cancelled
                return CancelResult(target: .venue(id), result: .success(state.answers.orders[index]))
            }
        }
    }

    /// Does nothing but be recorded.
    public func setDeadManTimer(_ timeout: Duration?, symbol: Symbol) async throws {
        try answer(BrokerCall(.timer, symbol: symbol)) { _ in }
    }
}

extension DeterministicBroker.Answers {
    fileprivate mutating func cancel(_ target: OrderTarget, _ symbol: Symbol) throws -> Order {
        let index = try index(of: target, symbol, code: "-2011")
        if orders[index].status.isTerminal {
            throw BrokerError(
                code: .answered, message: "order \(target) is over", delivery: .answered, status: 400,
                venueCode: "-2011")
        }
        orders[index].status = .cancelled
        return orders[index]
    }
}

extension BrokerError {
    fileprivate init(cancelFailed error: any Error) {
        self =
            error as? BrokerError
            ?? BrokerError(code: .unreadable, message: "\(error)", delivery: .maybeSent, cause: error)
    }
}

extension Order {
    /// Takes the values that an amend asks for.
    mutating func change(by amend: AmendRequest) {
        quantity = amend.quantity ?? quantity
        switch type {
        case .market: break
        case .limit(let price): type = .limit(price: amend.price ?? price)
        case .stop(let trigger): type = .stop(trigger: amend.trigger ?? trigger)
        case .stopLimit(let trigger, let price):
            type = .stopLimit(trigger: amend.trigger ?? trigger, price: amend.price ?? price)
        }
    }
}
