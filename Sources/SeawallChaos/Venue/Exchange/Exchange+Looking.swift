internal import SeawallBroker
internal import SeawallTime

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

extension Exchange {
    func ticker(_ index: Int) -> Ticker {
        let market = markets[index]
        let tick = market.definition.tick
        return Ticker(
            symbol: market.symbol, bid: tick.value(market.bid), ask: tick.value(market.ask),
            last: tick.value(market.price), time: civil(clock))
    }

    /// A book of `levels` prices on each side, each as deep as what is left at the first.
    func depth(_ index: Int, levels: Int) -> OrderBook {
        let market = markets[index]
        let tick = market.definition.tick
        let lot = market.definition.lot
        let count = Int64(max(0, min(levels, 1_000)))
        let bids = (0..<count).filter { market.bid - $0 >= 1 && market.sellable > 0 }.map {
            OrderBook.Level(price: tick.value(market.bid - $0), quantity: lot.value(market.sellable))
        }
        let asks = (0..<count).filter { _ in market.buyable > 0 }.map {
            OrderBook.Level(price: tick.value(market.ask + $0), quantity: lot.value(market.buyable))
        }
        return OrderBook(
            symbol: market.symbol, bids: bids, asks: asks, lastUpdateID: Int64(market.walk.step), time: civil(clock))
    }

    /// The last candles of whole minutes, the present one as far as it has come.
    func candles(_ index: Int, interval: Duration, limit: Int) throws(Refusal) -> [Candle] {
        let seconds = interval.wholeNanoseconds / 1_000_000_000
        guard interval == .seconds(seconds), seconds > 0, seconds % 60 == 0, limit > 0 else { throw .badParameter }
        let minutes = Int(clamping: seconds / 60)
        let market = markets[index]
        let groups = min(limit, 1_500)
        let current = market.walk.minute / minutes
        let first = max(0, current - groups + 1).multipliedSaturating(by: minutes)
        let (begin, steps) = market.walk.candles(from: first)
        var candles: [(minute: Int, steps: CandleSteps)] = []
        for (offset, step) in steps.enumerated() {
            let group = (begin + offset) / minutes * minutes
            if candles.last?.minute == group {
                candles[candles.count - 1].steps.absorb(step)
            } else {
                candles.append((group, step))
            }
        }
        let tick = market.definition.tick
        return candles.suffix(groups).map { minute, steps in
            Candle(
                openTime: civilStart.advanced(by: .seconds(60 * minute)), open: tick.value(steps.open),
                high: tick.value(steps.high), low: tick.value(steps.low), close: tick.value(steps.close),
                volume: market.definition.lot.value(steps.volume))
        }
    }

    func balances() -> [Balance] {
        wallets.keys.sorted().map { asset in
            let purse = purse(asset)
            return Balance(
                asset: asset, free: SimulatedMarket.money.value(purse.free),
                locked: SimulatedMarket.money.value(purse.locked))
        }
    }

    func positions() -> [Position] {
        markets.filter { $0.position != 0 }.map { market in
            Position(
                symbol: market.symbol, quantity: market.definition.lot.value(market.position),
                entryPrice: averagePrice(
                    cost: market.entryCost, quantity: market.position, tick: market.definition.tick))
        }
    }

    func truth() -> VenueTruth {
        VenueTruth(
            time: clock,
            positions: Dictionary(
                markets.map { ($0.symbol, $0.definition.lot.value($0.position)) }, uniquingKeysWith: { $1 }),
            prices: Dictionary(
                markets.map { ($0.symbol, $0.definition.tick.value($0.price)) }, uniquingKeysWith: { $1 }),
            wallets: wallets.mapValues { wallet in
                VenueTruth.Wallet(
                    initial: SimulatedMarket.money.value(wallet.initial),
                    balance: SimulatedMarket.money.value(wallet.balance),
                    realizedProfit: SimulatedMarket.money.value(wallet.realized),
                    fees: SimulatedMarket.money.value(wallet.fees))
            },
            workingOrders: markets.flatMap(\.working).sorted().map(orderValue),
            ordersByClientID: ordersByClientID.mapValues { $0.map(orderValue) }, counts: counts)
    }
}

extension CandleSteps {
    /// Adds the candle that follows.
    fileprivate mutating func absorb(_ next: CandleSteps) {
        high = max(high, next.high)
        low = min(low, next.low)
        close = next.close
        volume = volume.addingSaturating(next.volume)
    }
}
