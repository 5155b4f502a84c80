internal import SeawallBroker

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

extension FaultEffect {
    /// The venue's answer as the effect shows it; nil where it is left as it is.
    func altered<Answer>(_ answer: Answer, of request: FaultedCall) -> Answer? {
        switch self {
        case .emptyOrders, .emptyList:
            // What is not shown must still be there to be read: fills begin again where they were asked for.
            if answer is FillPage { return FillPage(fills: [], cursor: request.since) as? Answer }
            return (answer as? any EmptyAnswer)?.emptied as? Answer
        case .truncatedPage(let count, let keepsCursor):
            if let page = answer as? OrderPage {
                let next = keepsCursor ? page.next : nil
                return OrderPage(orders: Array(page.orders.prefix(count)), next: next) as? Answer
            }
            guard let page = answer as? FillPage else { return nil }
            let fills = Array(page.fills.prefix(count))
            return
                (keepsCursor
                ? FillPage(fills: fills, cursor: page.cursor, hasMore: page.hasMore)
                : FillPage(fills: fills, cursor: request.since)) as? Answer
        case .limitUsage(let perMille):
            return ((answer as? [LimitUsage])?.map { $0.used(atLeast: perMille) }) as? Answer
        case .widerSpread(let basisPoints):
            if let ticker = answer as? Ticker { return ticker.widened(by: basisPoints) as? Answer }
            if let tickers = answer as? [Ticker] { return tickers.map { $0.widened(by: basisPoints) } as? Answer }
            return (answer as? OrderBook)?.widened(by: basisPoints) as? Answer
        case .zeroPrices:
            if let ticker = answer as? Ticker { return ticker.zeroed as? Answer }
            return ((answer as? [Ticker])?.map(\.zeroed)) as? Answer
        default: return nil
        }
    }
}

extension LimitUsage {
    fileprivate func used(atLeast perMille: Int) -> LimitUsage {
        let share = limit.multipliedReportingOverflow(by: perMille)
        guard !share.overflow else { return self }
        return LimitUsage(name: name, used: max(used, share.partialValue / 1_000), limit: limit)
    }
}

/// A price moved by half of so many hundredths of a percent; a bid down, an ask up.
private func moved(_ price: Decimal, by basisPoints: Int, sign: Decimal) -> Decimal {
    price + sign * price * Decimal(basisPoints) / 20_000
}

extension Ticker {
    fileprivate func widened(by basisPoints: Int) -> Ticker {
        var ticker = self
        ticker.bid = moved(bid, by: basisPoints, sign: -1)
        ticker.ask = moved(ask, by: basisPoints, sign: 1)
        return ticker
    }

    fileprivate var zeroed: Ticker { Ticker(symbol: symbol, bid: 0, ask: 0, last: 0, time: time) }
}

extension OrderBook {
    /// Every level moved outwards, with a hundredth of what rested there.
    fileprivate func widened(by basisPoints: Int) -> OrderBook {
        func level(_ level: Level, sign: Decimal) -> Level {
            Level(price: moved(level.price, by: basisPoints, sign: sign), quantity: level.quantity / 100)
        }
        var book = self
        book.bids = bids.map { level($0, sign: -1) }
        book.asks = asks.map { level($0, sign: 1) }
        return book
    }
}
