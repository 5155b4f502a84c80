internal import SeawallBroker
internal import SeawallTime

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// One trade, as far as its record needs it.
struct Trade {
    var number: Int
    var quantity: Int64
    var price: Int64
    var fee: Int128
}

extension Exchange {
    /// Records a change of an order for the judge.
    mutating func record(_ kind: VenueEvent.Kind, _ id: Int, request: String?, trade: Trade? = nil) {
        let order = orders[id - 1]
        let market = markets[order.market]
        let tick = market.definition.tick
        let lot = market.definition.lot
        let price = trade?.price ?? order.limit ?? order.trigger
        outputs.append(
            .truth(
                VenueEvent(
                    kind, time: clock, request: request, orderID: venueID(id), clientID: order.clientID,
                    symbol: market.symbol, side: order.side, quantity: lot.value(order.quantity),
                    remaining: lot.value(order.remaining), price: price.map { tick.value($0) },
                    filled: trade.map { lot.value($0.quantity) },
                    fee: trade.map { SimulatedMarket.money.value($0.fee) },
                    feeAsset: trade == nil ? nil : market.rules.quote, replaces: order.replaces,
                    position: lot.value(market.position))))
    }

    /// Tells an order as it is to the streams of the account.
    mutating func tell(_ id: Int) {
        if hasUserListeners { outputs.append(.order(orderValue(id), at: clock)) }
    }

    func venueID(_ id: Int) -> VenueOrderID { VenueOrderID(String(id)) }

    /// An order in the words of the boundary.
    func orderValue(_ id: Int) -> Order {
        let order = orders[id - 1]
        let market = markets[order.market]
        let tick = market.definition.tick
        let lot = market.definition.lot
        let price = order.limit.map { tick.value($0) } ?? 0
        let trigger = order.trigger.map { tick.value($0) } ?? 0
        let type: OrderType =
            switch order.kind {
            case .market: .market
            case .limit: .limit(price: price)
            case .stop: .stop(trigger: trigger)
            case .stopLimit: .stopLimit(trigger: trigger, price: price)
            }
        return Order(
            venueID: venueID(id), clientID: order.clientID, symbol: market.symbol, side: order.side,
            quantity: lot.value(order.quantity), filled: lot.value(order.filled), type: type, status: order.status,
            averagePrice: averagePrice(cost: order.cost, quantity: order.filled, tick: tick),
            isReduceOnly: order.isReduceOnly, group: order.group, updatedAt: civil(order.updatedAt))
    }

    /// A trade in the words of the boundary.
    func fillValue(_ number: Int) -> Fill {
        let fill = fills[number - 1]
        let order = orders[fill.order - 1]
        let market = markets[order.market]
        return Fill(
            id: FillID(String(number)), venueID: venueID(fill.order), clientID: order.clientID, symbol: market.symbol,
            side: order.side, quantity: market.definition.lot.value(fill.quantity),
            price: market.definition.tick.value(fill.price), fee: SimulatedMarket.money.value(fill.fee),
            feeAsset: market.rules.quote, time: civil(fill.time))
    }

    /// An average of whole ticks, exact where it is a whole number of them.
    func averagePrice(cost: Int128, quantity: Int64, tick: DecimalSteps) -> Decimal? {
        guard quantity != 0 else { return nil }
        let (whole, rest) = cost.quotientAndRemainder(dividingBy: Int128(quantity))
        if rest == 0 { return tick.value(whole) }
        let fraction = DecimalSteps(exponent: 0).value(rest) / DecimalSteps(exponent: 0).value(quantity)
        return tick.value(whole) + tick.value(1) * fraction
    }
}
