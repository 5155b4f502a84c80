public import SeawallBroker
internal import SeawallTime

extension SimulatedVenue {
    /// Places an order and returns it as it is once it has met the price.
    ///
    /// - Throws: `BrokerError` with the venue's code: -4116 for a client id that is taken, -2022 where nothing is left to
    ///   reduce, -1021 where the request is too old, -2019 for too little money, 429 and 418 for limits, and the like;
    ///   `CancellationError` where the caller goes away, which leaves open what came of it.
    public func place(_ order: OrderRequest) async throws -> Order {
        if order.group != nil, !profile.capabilities.contains(.linkedGroups) { throw BrokerError.lacks(.linkedGroups) }
        if order.isReduceOnly, !profile.capabilities.contains(.reduceOnly) { throw BrokerError.lacks(.reduceOnly) }
        if case .quote = order.quantity, !profile.capabilities.contains(.quoteQuantity) {
            throw BrokerError.lacks(.quoteQuantity)
        }
        let name = VenueRequest.id
        let summary = VenueEvent(
            .arrived, time: .origin, clientID: order.clientID, symbol: order.symbol, side: order.side,
            quantity: order.quantity.amount, price: order.type.price ?? order.type.trigger, replaces: order.replaces)
        return try await call(.place, about: summary, order: order) { state throws(Refusal) in
            try state.exchange.place(order, name: name)
        }
    }

    /// Changes a working order to absolute values; its id stays.
    ///
    /// - Throws: `BrokerError` with the venue's code, -2013 where no such order works.
    public func amend(_ amend: AmendRequest) async throws -> Order {
        let name = VenueRequest.id
        var summary = summary(of: amend.target, symbol: amend.symbol)
        summary.quantity = amend.quantity
        summary.price = amend.price ?? amend.trigger
        return try await call(.amend, needs: .amend, about: summary) { state throws(Refusal) in
            try state.exchange.amend(amend, name: name)
        }
    }

    /// Cancels an order, by either id.
    ///
    /// - Throws: `BrokerError` with code -2011 where no such order works, whatever became of it.
    public func cancel(_ target: OrderTarget, symbol: Symbol) async throws -> Order {
        let name = VenueRequest.id
        return try await call(
            .cancel, needs: capability(for: target, .cancelByClientID), about: summary(of: target, symbol: symbol)
        ) { state throws(Refusal) in
            try state.exchange.cancel(target, symbol: symbol, name: name)
        }
    }

    /// Cancels several orders of a symbol, with a result for each.
    public func cancel(_ targets: [OrderTarget], symbol: Symbol) async throws -> [CancelResult] {
        let name = VenueRequest.id
        let summary = VenueEvent(.arrived, time: .origin, symbol: symbol)
        return try await call(.cancelMany, needs: .cancelMany, about: summary) { state throws(Refusal) in
            try state.exchange.cancel(targets, symbol: symbol, name: name)
        }
    }

    /// Cancels every order of a symbol, with a result for each.
    public func cancelAll(for symbol: Symbol) async throws -> [CancelResult] {
        let name = VenueRequest.id
        let summary = VenueEvent(.arrived, time: .origin, symbol: symbol)
        return try await call(.cancelAll, needs: .cancelAll, about: summary) { state throws(Refusal) in
            try state.exchange.cancelAll(symbol: symbol, name: name)
        }
    }

    /// Sets the timer that cancels the symbol's orders unless it is set again; nil or zero disarms it.
    public func setDeadManTimer(_ timeout: Duration?, symbol: Symbol) async throws {
        let summary = VenueEvent(.arrived, time: .origin, symbol: symbol)
        try await call(.timer, needs: .deadManTimer, about: summary) { state throws(Refusal) in
            try state.exchange.setTimer(timeout, symbol: symbol)
        }
    }

    /// Throws: the venue has no previews, whatever its profile says.
    public func preview(_ order: OrderRequest) async throws -> OrderPreview { throw BrokerError.lacks(.preview) }

    /// Throws: the venue has no previews, whatever its profile says.
    public func preview(_ amend: AmendRequest) async throws -> OrderPreview { throw BrokerError.lacks(.previewAmend) }

    func summary(of target: OrderTarget, symbol: Symbol) -> VenueEvent {
        switch target {
        case .venue(let id): VenueEvent(.arrived, time: .origin, orderID: id, symbol: symbol)
        case .client(let id): VenueEvent(.arrived, time: .origin, clientID: id, symbol: symbol)
        }
    }

    func capability(for target: OrderTarget, _ byClientID: BrokerCapability) -> BrokerCapability? {
        if case .client = target { byClientID } else { nil }
    }
}
