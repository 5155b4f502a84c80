public import SeawallBroker
internal import SeawallTime

extension SimulatedVenue {
    /// Places an order and returns it as it is once it has met the price.
    ///
    /// - Throws: `BrokerError` in the words of the profile (`VenueProfile.wordings`) for the venue's `RefusalReason`: a
    ///   client id that is taken, nothing left to reduce, a request too old, too little money, limits and the like;
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

    /// Changes a working order to absolute values; its ids stay, unless the venue's amends replace.
    ///
    /// Where `VenueProfile.amendReplaces`, the order is cancelled and a new one takes its place, with the same client id, a
    /// venue id of its own and the quantity that is left; the answer is the new order. Where the price has changed since
    /// or money is short the old one is gone and no new one there, which the venue calls half replaced.
    ///
    /// - Throws: `BrokerError` in the words of the profile, as no such order where none works.
    public func amend(_ amend: AmendRequest) async throws -> Order { try await self.amend(amend, keepsOld: false) }

    /// Changes a working order; with `keepsOld`, an amend that replaces takes the new order and lets the old one work on.
    func amend(_ amend: AmendRequest, keepsOld: Bool) async throws -> Order {
        let name = VenueRequest.id
        var summary = summary(of: amend.target, symbol: amend.symbol)
        summary.quantity = amend.quantity
        summary.price = amend.price ?? amend.trigger
        if !profile.capabilities.contains(.amend) { throw BrokerError.lacks(.amend) }
        return try await call(
            .amend, needs: capability(for: amend.target, .cancelByClientID), about: summary,
            targets: [amend.target]
        ) { state throws(Refusal) in
            try state.exchange.amend(amend, keepsOld: keepsOld, name: name)
        }
    }

    /// Cancels an order, by either id.
    ///
    /// - Throws: `BrokerError` as an unknown order where none works, whatever became of it.
    public func cancel(_ target: OrderTarget, symbol: Symbol) async throws -> Order {
        let name = VenueRequest.id
        return try await call(
            .cancel, needs: capability(for: target, .cancelByClientID), about: summary(of: target, symbol: symbol),
            targets: [target]
        ) { state throws(Refusal) in
            try state.exchange.cancel(target, symbol: symbol, name: name)
        }
    }

    /// Cancels several orders of a symbol, with a result for each; more than the venue's batch takes are refused.
    public func cancel(_ targets: [OrderTarget], symbol: Symbol) async throws -> [CancelResult] {
        for target in targets {
            if let needed = capability(for: target, .cancelByClientID), !profile.capabilities.contains(needed) {
                throw BrokerError.lacks(needed)
            }
        }
        let name = VenueRequest.id
        let summary = VenueEvent(.arrived, time: .origin, symbol: symbol)
        return try await call(.cancelMany, needs: .cancelMany, about: summary, targets: targets) {
            state throws(Refusal) in
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
    ///
    /// By the profile's `DeadManRule`: of one symbol or of the account, with or without what protects, within its times.
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
