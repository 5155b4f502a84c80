internal import SeawallBroker
internal import SeawallTime

/// One instrument within the exchange: its price, who waits for it, and what the account holds of it.
struct ExchangeMarket: Sendable {
    let definition: SimulatedMarket
    /// What there is in any case at a price, in lots.
    let minimumLiquidity: Int64
    var rules: InstrumentRules
    var walk: PriceWalk

    /// What is left for buyers and for sellers at the present point, in lots.
    var buyable: Int64 = 0
    var sellable: Int64 = 0

    /// The orders that work, oldest first.
    var working: [Int] = []
    var orders: [Int] = []
    /// The orders that have ended, in the order in which they ended.
    var ended: [Int] = []
    /// The numbers of the market's trades.
    var fills: [Int] = []

    /// Signed lots.
    var position: Int64 = 0
    /// What the position cost, signed, in ticks times lots.
    var entryCost: Int128 = 0

    /// When the dead-man timer goes off.
    var timer: MonotonicInstant?
    /// How many streams want every price.
    var watchers = 0

    init(_ definition: SimulatedMarket, minimumLiquidity: Int64) {
        self.definition = definition
        self.minimumLiquidity = minimumLiquidity
        rules = definition.rules
        walk = definition.walk
    }

    var symbol: Symbol { rules.symbol }
    var price: Int64 { walk.price }
    /// Who sells at once sells here: a tick below the price.
    var bid: Int64 { max(1, walk.price - 1) }
    /// Who buys at once buys here: a tick above the price.
    var ask: Int64 { walk.price + 1 }

    /// True where something may come of the next price.
    var isActive: Bool { !walk.hasEnded && (!working.isEmpty || watchers > 0) }

    mutating func renewLiquidity(percent: Int) {
        let share = Int128(walk.volume) * Int128(percent) / 100
        let lots = max(Int64(clamping: share), minimumLiquidity)
        buyable = lots
        sellable = lots
    }

    /// True where an order at `limit` (nil: any price) finds somebody at the present price.
    ///
    /// The price must go through a limit: a touch alone fills nothing.
    func isMarketable(_ side: Side, limit: Int64?) -> Bool {
        guard let limit else { return true }
        return side == .buy ? limit >= ask : limit <= bid
    }

    func hasReached(trigger: Int64, side: Side) -> Bool {
        side == .buy ? price >= trigger : price <= trigger
    }

    /// How many lots an order of `side` can take off the position.
    func closable(_ side: Side) -> Int64 {
        switch side {
        case .buy: Int64(clamping: position < 0 ? position.magnitude : 0)
        case .sell: max(0, position)
        }
    }

    /// Adds a trade to the position and returns what the closed part made, in ticks times lots.
    mutating func book(_ side: Side, _ quantity: Int64, at price: Int64) -> Int128 {
        let closed = min(quantity, closable(side))
        let sign: Int128 = side == .buy ? 1 : -1
        var profit: Int128 = 0
        if closed > 0 {
            // The cost of the closed part is rounded; what is lost stays in the open part's cost, so nothing vanishes.
            let (perLot, rest) = entryCost.quotientAndRemainder(dividingBy: Int128(position.magnitude))
            let cost = perLot * Int128(closed) + rest * Int128(closed) / Int128(position.magnitude)
            entryCost -= cost
            profit = -cost - sign * Int128(closed) * Int128(price)
        }
        entryCost += sign * Int128(quantity - closed) * Int128(price)
        position = position.addingSaturating(side == .buy ? quantity : -quantity)
        return profit
    }

    /// What the open position would make if it were closed at the last price, in ticks times lots.
    var unrealized: Int128 { Int128(position) * Int128(price) - entryCost }
}
