internal import SeawallBroker
internal import SeawallTime

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

extension Exchange {
    /// Takes an order, or says why not.
    ///
    /// An order that comes again under a taken client id is told by `duplicate`.
    mutating func place(
        _ request: OrderRequest, name: String?, isForeign: Bool = false
    ) throws(Refusal) -> Order {
        do throws(Refusal) {
            if !isForeign, let original = try original(of: request, name: name) { return original }
            let order = try admitted(request, isForeign: isForeign)
            return accept(order, as: isForeign ? .foreign : .accepted, request: name)
        } catch {
            if error != .duplicate { recordRefusal(request, error, name: name) }
            throw error
        }
    }

    /// Records that an order was refused, by the engine or before it.
    mutating func recordRefusal(_ request: OrderRequest, _ refusal: Refusal, name: String?) {
        outputs.append(
            .truth(
                VenueEvent(
                    .rejected, time: clock, request: name, operation: .place, clientID: request.clientID,
                    symbol: request.symbol, side: request.side, quantity: request.quantity.amount,
                    price: request.type.price ?? request.type.trigger, replaces: request.replaces,
                    reason: words(of: refusal, to: .place))))
    }

    /// What the venue does with a client id that it has seen: nothing, the first order, or a refusal.
    private mutating func original(of request: OrderRequest, name: String?) throws(Refusal) -> Order? {
        guard let clientID = request.clientID, let known = ordersByClientID[clientID], let last = known.last else {
            return nil
        }
        let isTaken =
            switch profile.identity {
            case .unchecked: false
            case .uniqueAmongOpen: known.contains { orders[$0 - 1].isWorking }
            case .uniqueForever, .returnsOriginal: true
            }
        guard isTaken else { return nil }
        record(.duplicate, profile.identity == .returnsOriginal ? known[0] : last, request: name)
        if profile.identity == .returnsOriginal { return orderValue(known[0]) }
        throw .duplicate
    }

    /// The order that a request asks for, once every rule has been asked.
    private mutating func admitted(_ request: OrderRequest, isForeign: Bool) throws(Refusal) -> ExchangeOrder {
        let index = try index(of: request.symbol)
        let market = markets[index]
        guard market.rules.status == .trading else { throw .symbolHalted }
        if let clientID = request.clientID {
            let length = clientID.rawValue.utf8.count
            guard length >= 1, length <= profile.clientIDLength else { throw .badClientID }
        }
        let limit = try ticks(request.type.price, market)
        let trigger = try ticks(request.type.trigger, market)
        if case .goodTillDate(let end) = request.timeInForce, monotonic(end) <= clock { throw .badExpiry }
        let kind: OrderKind =
            switch request.type {
            case .market: .market
            case .limit: .limit
            case .stop: .stop
            case .stopLimit: .stopLimit
            }
        if request.isPostOnly, limit == nil || request.timeInForce.isImmediate { throw .badParameter }
        let order = ExchangeOrder(
            id: orders.count + 1, market: index, clientID: request.clientID, side: request.side, kind: kind,
            timeInForce: request.timeInForce, isPostOnly: request.isPostOnly, isReduceOnly: request.isReduceOnly,
            group: request.group, replaces: request.replaces, isForeign: isForeign, chargedAt: requestArrivedAt,
            visibleAt: drawVisibility(),
            quantity: try lots(request, limit: limit, trigger: trigger, market), limit: limit, trigger: trigger,
            isTriggered: trigger == nil, updatedAt: clock, changedAt: clock)
        try checkMode(order)
        try checkValue(order)
        try checkPrice(order)
        if order.isReduceOnly, market.closable(order.side) == 0 { throw .reduceOnly }
        if !isForeign {
            try checkOpenCount(index)
            try checkMargin(order)
        }
        return order
    }

    /// Takes an order in, and lets it meet the price.
    mutating func accept(_ order: ExchangeOrder, as kind: VenueEvent.Kind, request: String?) -> Order {
        let id = order.id
        orders.append(order)
        markets[order.market].orders.append(id)
        markets[order.market].working.append(id)
        if let clientID = order.clientID { ordersByClientID[clientID, default: []].append(id) }
        if let group = order.group {
            groups[group, default: []].removeAll { !orders[$0 - 1].isWorking }
            groups[group, default: []].append(id)
        }
        if case .goodTillDate(let end) = order.timeInForce {
            let at = monotonic(end)
            nextExpiry = min(nextExpiry ?? at, at)
        }
        counts.orders += 1
        record(kind, id, request: request)
        tell(id)
        forceAwaited(id)
        if order.timeInForce == .fillOrKill, order.isTriggered, available(orders[id - 1]) < orders[id - 1].remaining {
            finish(id, .expired, request: request)
        }
        settle(id, request: request)
        return orderValue(id)
    }

    /// Lets a new or changed order trade, and ends what may not rest.
    mutating func settle(_ id: Int, request: String?) {
        guard orders[id - 1].isWorking else { return }
        meet(id, request: request)
        let order = orders[id - 1]
        guard order.isWorking, order.isTriggered else { return }
        let mayRest = order.limit != nil && !order.timeInForce.isImmediate
        if mayRest {
            orders[id - 1].hasRested = true
        } else {
            finish(id, .expired, request: request)
        }
    }

    /// A price in whole ticks.
    func ticks(_ price: Decimal?, _ market: ExchangeMarket) throws(Refusal) -> Int64? {
        guard let price else { return nil }
        switch market.definition.tick.count(price) {
        case .exact(let ticks)?:
            guard ticks >= 1, ticks <= Int128(SimulatedMarket.mostSteps) else { throw .priceOutOfRange }
            return Int64(ticks)
        case .between?: throw .badPrice
        case nil: throw .badParameter
        }
    }

    /// A quantity in whole lots.
    func lots(_ quantity: Decimal, _ market: ExchangeMarket) throws(Refusal) -> Int64 {
        switch market.definition.lot.count(quantity) {
        case .exact(let lots)?:
            guard lots >= 1, lots >= Int128(market.definition.minimumLots) else { throw .quantityTooLow }
            guard lots <= Int128(SimulatedMarket.mostSteps) else { throw .quantityTooHigh }
            return Int64(lots)
        case .between?: throw .badPrecision
        case nil: throw .badParameter
        }
    }

    private func lots(
        _ request: OrderRequest, limit: Int64?, trigger: Int64?, _ market: ExchangeMarket
    ) throws(Refusal) -> Int64 {
        switch request.quantity {
        case .base(let quantity):
            return try lots(quantity, market)
        case .quote(let amount):
            let price = limit ?? trigger ?? (request.side == .buy ? market.ask : market.bid)
            guard let money = SimulatedMarket.money.truncating(amount), money > 0 else { throw .quantityTooLow }
            let perLot = Int128(price).multipliedSaturating(by: market.definition.moneyPerStep)
            let lots = money / perLot
            guard lots >= 1, lots >= Int128(market.definition.minimumLots) else { throw .quantityTooLow }
            guard lots <= Int128(SimulatedMarket.mostSteps) else { throw .quantityTooHigh }
            return Int64(lots)
        }
    }
}
