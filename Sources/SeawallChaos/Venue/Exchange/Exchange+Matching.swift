internal import SeawallBroker
internal import SeawallTime

extension Exchange {
    /// Lets the orders of a market meet its present price: stops go off first, then the best price, then the oldest.
    ///
    /// Nothing trades while the venue or the symbol takes no orders that take.
    mutating func match(_ market: Int) {
        if markets[market].working.isEmpty || !isTrading(market) { return }
        for id in markets[market].working { pullTrigger(id) }
        let waiting = markets[market].working.filter { id in
            let order = orders[id - 1]
            return order.isTriggered && markets[market].isMarketable(order.side, limit: order.limit)
        }
        for id in waiting.sorted(by: { precedes(orders[$0 - 1], orders[$1 - 1]) }) where orders[id - 1].isWorking {
            if orders[id - 1].timeInForce == .fillOrKill, available(orders[id - 1]) < orders[id - 1].remaining {
                finish(id, .expired, request: nil)
            } else {
                trade(id, request: nil)
            }
        }
        for id in markets[market].working where orders[id - 1].isTriggered && orders[id - 1].limit != nil {
            if orders[id - 1].timeInForce.isImmediate {
                finish(id, .expired, request: nil)
            } else {
                orders[id - 1].hasRested = true
            }
        }
    }

    /// Lets a new or changed order meet the present price; `true` where it is still working.
    mutating func meet(_ id: Int, request: String?) {
        let order = orders[id - 1]
        guard order.isTriggered, markets[order.market].isMarketable(order.side, limit: order.limit) else { return }
        trade(id, request: request)
    }

    /// How much of an order could trade at once, in lots.
    func available(_ order: ExchangeOrder) -> Int64 {
        let market = markets[order.market]
        guard order.isTriggered, market.isMarketable(order.side, limit: order.limit) else { return 0 }
        if order.isForeign { return order.remaining }
        let liquidity = order.side == .buy ? market.buyable : market.sellable
        let wanted = order.isReduceOnly ? min(order.remaining, market.closable(order.side)) : order.remaining
        return min(wanted, liquidity)
    }

    /// True where orders may meet: nobody takes in any other mode.
    func isTrading(_ market: Int) -> Bool { status.mode == .online && markets[market].rules.status == .trading }

    private mutating func pullTrigger(_ id: Int) {
        let order = orders[id - 1]
        guard !order.isTriggered, let trigger = order.trigger else { return }
        if markets[order.market].hasReached(trigger: trigger, side: order.side) {
            orders[id - 1].isTriggered = true
            orders[id - 1].updatedAt = clock
            tell(id)
        }
    }

    private func precedes(_ lhs: ExchangeOrder, _ rhs: ExchangeOrder) -> Bool {
        let left = eagerness(lhs)
        let right = eagerness(rhs)
        return left != right ? left > right : lhs.id < rhs.id
    }

    private func eagerness(_ order: ExchangeOrder) -> Int64 {
        guard let limit = order.limit else { return .max }
        return order.side == .buy ? limit : -limit
    }

    /// Trades what there is for an order; one that may only reduce is cut down to what is left to reduce, or ends.
    private mutating func trade(_ id: Int, request: String?) {
        let order = orders[id - 1]
        if order.isReduceOnly, markets[order.market].closable(order.side) == 0 {
            return finish(id, .expired, request: request)
        }
        let quantity = available(order)
        guard quantity > 0 else { return }
        let isMaker = order.hasRested && order.limit != nil
        let market = markets[order.market]
        let price = isMaker ? order.limit ?? market.price : order.side == .buy ? market.ask : market.bid
        let rate = isMaker ? makerRate : takerRate
        for piece in cut(quantity) where orders[id - 1].isWorking {
            fill(id, piece, at: price, rate: rate, request: request)
        }
        endIfDone(id, request: request)
    }

    /// Cuts a trade into pieces of drawn sizes, as it is where it meets several others.
    private mutating func cut(_ quantity: Int64) -> [Int64] {
        guard configuration.piecesPerTrade > 1 else { return [quantity] }
        var rest = quantity
        var cuts: [Int64] = []
        let count = 1 + Int64(pieces.below(UInt64(configuration.piecesPerTrade)))
        while rest > 1, Int64(cuts.count) < count - 1 {
            let piece = 1 + Int64(pieces.below(UInt64(rest - 1)))
            cuts.append(piece)
            rest -= piece
        }
        return cuts + [rest]
    }

    /// Ends an order that has traded where nothing is left of it, or nothing that it may still reduce.
    mutating func endIfDone(_ id: Int, request: String?) {
        let order = orders[id - 1]
        if !order.isWorking { return }
        if order.remaining == 0 {
            finish(id, .filled, request: request)
        } else if order.isReduceOnly, markets[order.market].closable(order.side) == 0 {
            finish(id, .expired, request: request)
        }
    }

    /// Books a trade; one outside the market leaves its liquidity as it was.
    mutating func fill(
        _ id: Int, _ quantity: Int64, at price: Int64, rate: Int128, isOutsideMarket: Bool = false, request: String?
    ) {
        let order = orders[id - 1]
        let definition = markets[order.market].definition
        let steps = Int128(quantity) * Int128(price)
        if givesBack, order.filled == 0, !order.isForeign {
            releases.append(OrderRelease(symbol: definition.rules.symbol, chargedAt: order.chargedAt))
        }
        orders[id - 1].filled += quantity
        orders[id - 1].cost += steps
        orders[id - 1].updatedAt = clock
        if !order.isForeign, !isOutsideMarket {
            if order.side == .buy {
                markets[order.market].buyable -= quantity
            } else {
                markets[order.market].sellable -= quantity
            }
        }
        let profit = markets[order.market].book(order.side, quantity, at: price)
        let fee = Exchange.share(rate, of: steps.multipliedSaturating(by: definition.moneyPerStep))
        let asset = definition.rules.quote
        wallets[asset]?.realized += profit.multipliedSaturating(by: definition.moneyPerStep)
        wallets[asset]?.fees += fee
        fills.append(ExchangeFill(order: id, quantity: quantity, price: price, fee: fee, time: clock))
        markets[order.market].fills.append(fills.count)
        counts.fills += 1
        let trade = Trade(number: fills.count, quantity: quantity, price: price, fee: fee)
        record(order.isForeign ? .foreign : .filled, id, request: request, trade: trade)
        if hasUserListeners { outputs.append(.fill(fillValue(fills.count), at: clock)) }
        if orders[id - 1].remaining > 0 { tell(id) }
        cancelLinked(id, request: request)
    }

    /// A share in millionths, rounded to the venue's advantage where it is not exact.
    private static func share(_ rate: Int128, of money: Int128) -> Int128 {
        let product = money.multipliedSaturating(by: rate)
        let (quotient, remainder) = product.quotientAndRemainder(dividingBy: 1_000_000)
        return remainder > 0 ? quotient + 1 : quotient
    }

    /// The first trade of one order of a group ends the others.
    private mutating func cancelLinked(_ id: Int, request: String?) {
        guard let group = orders[id - 1].group, let members = groups[group] else { return }
        for other in members where other != id && orders[other - 1].isWorking {
            finish(other, .cancelled, request: request)
        }
        groups[group] = [id]
    }

    /// Ends a working order.
    mutating func finish(_ id: Int, _ status: OrderStatus, request: String?) {
        guard orders[id - 1].isWorking else { return }
        let market = orders[id - 1].market
        orders[id - 1].status = status
        orders[id - 1].updatedAt = clock
        markets[market].working.removeAll { $0 == id }
        markets[market].ended.append(id)
        ended.append(id)
        switch status {
        case .cancelled: record(.cancelled, id, request: request)
        case .expired: record(.expired, id, request: request)
        case .prepared, .sent, .acknowledged, .rejected, .unknown, .working, .filled: break
        }
        tell(id)
    }
}

extension TimeInForce {
    /// True where an order must not rest.
    var isImmediate: Bool { self == .immediateOrCancel || self == .fillOrKill }
}
