internal import SeawallBroker
internal import SeawallTime

extension Exchange {
    /// The most that one order may be worth, in 10^-16 of the quote currency; it keeps sums within the integers.
    private static let mostMoney: Int128 = 1_000_000_000_000_000_000_000_000_000_000

    /// The refusal of orders that the venue's present mode does not take.
    func checkMode(_ order: ExchangeOrder) throws(Refusal) {
        switch status.mode {
        case .online:
            return
        case .postOnly:
            let rests = order.limit != nil && !order.timeInForce.isImmediate
            if rests, !markets[order.market].isMarketable(order.side, limit: order.limit) { return }
            throw modeRefusal
        case .cancelOnly, .maintenance:
            throw modeRefusal
        }
    }

    /// The refusal of cancels where nothing at all is taken for a symbol.
    func checkSymbolTakesCancels(_ market: Int) throws(Refusal) {
        if markets[market].rules.status == .halted { throw .symbolStatus }
    }

    /// What the profile's own error table calls the venue's mode, so that the two cannot drift.
    var modeRefusal: Refusal {
        let rule = profile.errors.first { rule in
            rule.meaning == .venueMode && (rule.operations?.contains(.place) ?? true)
        }
        let words = rule?.contains ?? "mode \(status.mode.rawValue)"
        return Refusal(status: rule?.status ?? 400, rule?.code ?? "-4400", "Not taken now: \(words).")
    }

    func checkValue(_ order: ExchangeOrder) throws(Refusal) {
        let definition = markets[order.market].definition
        let price = order.limit ?? order.trigger ?? markets[order.market].price
        let money = value(order.quantity, at: price, definition)
        guard money <= Exchange.mostMoney else { throw .quantityTooHigh }
        if !order.isReduceOnly, money < definition.minimumNotional { throw .notional }
    }

    func checkPrice(_ order: ExchangeOrder) throws(Refusal) {
        let market = markets[order.market]
        if let trigger = order.trigger, market.hasReached(trigger: trigger, side: order.side) { throw .wouldTrigger }
        if order.isPostOnly, order.isTriggered, market.isMarketable(order.side, limit: order.limit) { throw .wouldTake }
    }

    func checkOpenCount() throws(Refusal) {
        let open = markets.reduce(0) { $0 + $1.working.count }
        for rule in profile.limits where rule.counts == .open && open >= rule.limit { throw .tooManyOpen }
    }

    /// Enough is in the purse for what the order may add to the position; what only reduces needs nothing.
    func checkMargin(_ order: ExchangeOrder) throws(Refusal) {
        let market = markets[order.market]
        let opening = order.quantity - min(order.quantity, market.closable(order.side))
        if order.isReduceOnly || opening <= 0 { return }
        let price = order.limit ?? order.trigger ?? (order.side == .buy ? market.ask : market.bid)
        let needed = value(opening, at: price, market.definition) / Int128(configuration.leverage)
        guard needed <= purse(market.rules.quote).free else { throw .marginInsufficient }
    }

    /// What of a purse is free, and what working orders hold back, in 10^-16.
    func purse(_ asset: Asset) -> (free: Int128, locked: Int128) {
        let leverage = Int128(configuration.leverage)
        var free = wallets[asset]?.balance ?? 0
        var locked: Int128 = 0
        for market in markets where market.rules.quote == asset {
            let held = Int128(market.position.magnitude)
            let margin = held * Int128(market.price) / leverage
            let open = market.unrealized.subtractingSaturating(margin)
            free = free.addingSaturating(open.multipliedSaturating(by: market.definition.moneyPerStep))
            for id in market.working {
                let order = orders[id - 1]
                if order.isReduceOnly { continue }
                let opening = order.remaining - min(order.remaining, market.closable(order.side))
                let price = order.limit ?? order.trigger ?? market.price
                locked = locked.addingSaturating(value(opening, at: price, market.definition) / leverage)
            }
        }
        free = free.subtractingSaturating(locked)
        return (max(0, free), locked)
    }

    private func value(_ lots: Int64, at ticks: Int64, _ definition: SimulatedMarket) -> Int128 {
        (Int128(lots) * Int128(ticks)).multipliedSaturating(by: definition.moneyPerStep)
    }
}
