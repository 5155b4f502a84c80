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
        if markets[market].rules.status == .halted { throw .symbolHalted }
    }

    /// The refusal of amends in a mode that takes cancels at most.
    func checkModeTakesChanges() throws(Refusal) {
        if status.mode == .cancelOnly || status.mode == .maintenance { throw modeRefusal }
    }

    private var modeRefusal: Refusal {
        switch status.mode {
        case .postOnly: .postOnly
        case .online, .cancelOnly: .cancelOnly
        case .maintenance: .maintenance
        }
    }

    /// The refusal of a request whose time is too old, or too far ahead of the venue's clock.
    func refusal(ofRequestSignedAt instant: CivilInstant) -> Refusal? {
        let age = instant.duration(to: civil(clock))
        if age > profile.receiveWindow { return .staleRequest }
        return age < .zero - profile.clockLead ? .earlyRequest : nil
    }

    /// How old the orders are that a request changes, where the venue charges for that; unknown ones are not there.
    func ages(_ operation: BrokerOperation, _ targets: [OrderTarget], symbol: Symbol?) -> [Duration] {
        guard !profile.costsByAge.isEmpty, profile.costsByAge[operation] != nil, let symbol,
            let market = marketBySymbol[symbol]
        else { return [] }
        let ids =
            operation == .cancelAll
            ? markets[market].working : targets.compactMap { findWorking($0, market: market) }
        return ids.map { orders[$0 - 1].changedAt.duration(to: clock) }
    }

    func checkValue(_ order: ExchangeOrder) throws(Refusal) {
        let definition = markets[order.market].definition
        let price = order.limit ?? order.trigger ?? markets[order.market].price
        let money = value(order.quantity, at: price, definition)
        guard money <= Exchange.mostMoney else { throw .quantityTooHigh }
        if !order.isReduceOnly, money < definition.minimumNotional { throw .belowMinimumNotional }
    }

    func checkPrice(_ order: ExchangeOrder) throws(Refusal) {
        let market = markets[order.market]
        if let trigger = order.trigger, market.hasReached(trigger: trigger, side: order.side) { throw .wouldTrigger }
        if order.isPostOnly, order.isTriggered, market.isMarketable(order.side, limit: order.limit) { throw .wouldTake }
    }

    func checkOpenCount(_ market: Int) throws(Refusal) {
        for rule in profile.limits where rule.counts == .open {
            let open = rule.isPerSymbol ? markets[market].working.count : openCount
            if open >= rule.limit { throw .tooManyOpen }
        }
    }

    /// How many orders work.
    var openCount: Int { markets.reduce(0) { $0 + $1.working.count } }

    /// How many orders of the symbol with the most of them work.
    var openCountOfOne: Int { markets.reduce(0) { max($0, $1.working.count) } }

    /// Enough is in the purse for what the order may add to the position; what only reduces needs nothing.
    func checkMargin(_ order: ExchangeOrder) throws(Refusal) {
        let market = markets[order.market]
        let opening = order.quantity - min(order.quantity, market.closable(order.side))
        if order.isReduceOnly || opening <= 0 { return }
        let price = order.limit ?? order.trigger ?? (order.side == .buy ? market.ask : market.bid)
        let needed = value(opening, at: price, market.definition) / Int128(configuration.leverage)
        guard needed <= purse(market.rules.quote).free else { throw .insufficientFunds }
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
