internal import SeawallBroker
internal import SeawallTime

extension Exchange {
    /// Fills a share of what is left of an order at its own price as maker, whatever the market does; nil where none works.
    ///
    /// An order that no one has named yet under a client id is filled as soon as it is taken.
    mutating func force(_ target: OrderTarget, symbol: Symbol, perMille: Int) throws(Refusal) -> Order? {
        let market = try index(of: symbol)
        guard perMille > 0 else { return nil }
        if let id = findWorking(target, market: market) {
            force(id, perMille: perMille)
            return orderValue(id)
        }
        if case .client(let name) = target, find(target, market: market) == nil {
            awaitedFills[name] = AwaitedFill(market: market, perMille: perMille)
        }
        return nil
    }

    /// Ends a working order for the venue's own reasons; nil where none works.
    mutating func expire(_ target: OrderTarget, symbol: Symbol) throws(Refusal) -> Order? {
        let market = try index(of: symbol)
        guard let id = findWorking(target, market: market) else { return nil }
        finish(id, .expired, request: nil)
        return orderValue(id)
    }

    /// Fills an order that was just taken where it was awaited.
    mutating func forceAwaited(_ id: Int) {
        guard !awaitedFills.isEmpty, let name = orders[id - 1].clientID, let awaited = awaitedFills[name],
            awaited.market == orders[id - 1].market
        else { return }
        awaitedFills[name] = nil
        force(id, perMille: awaited.perMille)
    }

    private mutating func force(_ id: Int, perMille: Int) {
        let order = orders[id - 1]
        let share = Int128(order.remaining) * Int128(min(perMille, 1_000)) / 1_000
        var quantity = max(1, Int64(clamping: share))
        if order.isReduceOnly { quantity = min(quantity, markets[order.market].closable(order.side)) }
        guard quantity > 0 else { return }
        isUrgent = true
        // A stop that trades must have gone off.
        orders[id - 1].isTriggered = true
        orders[id - 1].hasRested = true
        let price = order.limit ?? order.trigger ?? markets[order.market].price
        fill(id, quantity, at: price, rate: makerRate, isOutsideMarket: true, request: nil)
        endIfDone(id, request: nil)
    }
}

/// A fill that waits for its order to be taken.
struct AwaitedFill: Hashable, Sendable {
    var market: Int
    var perMille: Int
}
