internal import SeawallBroker
internal import SeawallTime

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

extension Exchange {
    /// The order that a target means in a market, the newest where a client id was used more than once.
    func find(_ target: OrderTarget, market: Int) -> Int? {
        switch target {
        case .venue(let name):
            guard let id = Int(name.rawValue), id >= 1, id <= orders.count, orders[id - 1].market == market else {
                return nil
            }
            return id
        case .client(let name):
            return ordersByClientID[name]?.last { orders[$0 - 1].market == market }
        }
    }

    /// Among several orders of one client id a cancel means one that works.
    func findWorking(_ target: OrderTarget, market: Int) -> Int? {
        guard let found = find(target, market: market) else { return nil }
        if orders[found - 1].isWorking { return found }
        guard case .client(let name) = target else { return nil }
        return ordersByClientID[name]?.last { orders[$0 - 1].market == market && orders[$0 - 1].isWorking }
    }

    mutating func cancel(_ target: OrderTarget, symbol: Symbol, name: String?) throws(Refusal) -> Order {
        let market = try index(of: symbol)
        try checkSymbolTakesCancels(market)
        guard let id = findWorking(target, market: market) else { throw .cancelUnknown }
        finish(id, .cancelled, request: name)
        return orderValue(id)
    }

    mutating func cancel(_ targets: [OrderTarget], symbol: Symbol, name: String?) throws(Refusal) -> [CancelResult] {
        _ = try index(of: symbol)
        guard targets.count <= max(1, profile.cancelBatchSize) else { throw .badParameter }
        return targets.map { target in
            do throws(Refusal) {
                return CancelResult(target: target, result: .success(try cancel(target, symbol: symbol, name: name)))
            } catch {
                return CancelResult(target: target, result: .failure(self.error(of: error, to: .cancelMany)))
            }
        }
    }

    mutating func cancelAll(symbol: Symbol, name: String?) throws(Refusal) -> [CancelResult] {
        let market = try index(of: symbol)
        try checkSymbolTakesCancels(market)
        return markets[market].working.map { id in
            finish(id, .cancelled, request: name)
            return CancelResult(target: .venue(venueID(id)), result: .success(orderValue(id)))
        }
    }

    /// Changes a working order, which may trade at once; it keeps its place among orders of its price.
    ///
    /// As at Binance USD-M, a quantity that is filled already cancels the order, and so does a price at which an order
    /// that must not take would take. A venue whose amends replace makes a new order instead.
    mutating func amend(_ change: AmendRequest, keepsOld: Bool = false, name: String?) throws(Refusal) -> Order {
        let index = try index(of: change.symbol)
        let market = markets[index]
        guard let id = findWorking(change.target, market: index) else { throw .noSuchOrder }
        var order = orders[id - 1]
        guard market.rules.status == .trading else { throw .symbolHalted }
        try checkModeTakesChanges()
        if order.limit == nil, order.isTriggered || change.price != nil { throw .badParameter }
        if change.trigger != nil, order.trigger == nil || order.isTriggered { throw .badParameter }
        if let quantity = change.quantity { order.quantity = try lots(quantity, market) }
        if let price = try ticks(change.price, market) { order.limit = price }
        if let trigger = try ticks(change.trigger, market) { order.trigger = trigger }
        let old = orders[id - 1]
        if order.quantity == old.quantity, order.limit == old.limit, order.trigger == old.trigger {
            throw .nothingToAmend
        }
        if order.remaining <= 0 {
            finish(id, .cancelled, request: name)
            return orderValue(id)
        }
        if profile.amendReplaces { return try replace(id, by: order, keepsOld: keepsOld, name: name) }
        try checkMode(order)
        try checkValue(order)
        if let trigger = order.trigger, !order.isTriggered, market.hasReached(trigger: trigger, side: order.side) {
            throw .wouldTrigger
        }
        if order.isPostOnly, order.isTriggered, market.isMarketable(order.side, limit: order.limit) {
            finish(id, .cancelled, request: name)
            return orderValue(id)
        }
        try checkAmendedMargin(order)
        order.hasRested = false
        order.updatedAt = clock
        order.changedAt = clock
        orders[id - 1] = order
        record(.amended, id, request: name)
        tell(id)
        settle(id, request: name)
        return orderValue(id)
    }

    /// Asks for the margin of the changed order as if the old one were not there.
    private func checkAmendedMargin(_ order: ExchangeOrder) throws(Refusal) {
        var without = self
        without.markets[order.market].working.removeAll { $0 == order.id }
        var rest = order
        rest.quantity = order.remaining
        rest.filled = 0
        try without.checkMargin(rest)
    }
}
