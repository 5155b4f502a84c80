public import SeawallBroker
public import SeawallTime

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

extension DeterministicBroker {
    /// The balances that are set.
    public func balances() async throws -> [Balance] {
        try answer(BrokerCall(.balances)) { $0.answers.balances }
    }

    /// The positions that are set.
    public func positions() async throws -> [Position] {
        try answer(BrokerCall(.positions)) { $0.answers.positions }
    }

    /// The symbol's prices.
    public func ticker(for symbol: Symbol) async throws -> Ticker {
        try answer(BrokerCall(.ticker, symbol: symbol, symbols: [symbol])) { $0.answers.ticker(for: symbol) }
    }

    /// The prices of the symbols, but for those that are set to be missing.
    public func tickers(for symbols: [Symbol]) async throws -> [Ticker] {
        try answer(BrokerCall(.ticker, symbols: symbols)) { state in
            guard self.capabilities.contains(.manyTickers) else { throw BrokerError.lacks(.manyTickers) }
            return symbols.filter { !state.answers.missingTickers.contains($0) }.map(state.answers.ticker)
        }
    }

    /// The last of the candles that are set.
    public func candles(for symbol: Symbol, interval: Duration, limit: Int) async throws -> [Candle] {
        try answer(BrokerCall(.candles, symbol: symbol)) { $0.answers.candles.suffix(max(0, limit)) }
    }

    /// A book of one level on each side, at the symbol's prices.
    public func depth(for symbol: Symbol, levels: Int) async throws -> OrderBook {
        try answer(BrokerCall(.depth, symbol: symbol)) { state in
            let ticker = state.answers.ticker(for: symbol)
            return OrderBook(
                symbol: symbol, bids: [.init(price: ticker.bid, quantity: 1)],
                asks: [.init(price: ticker.ask, quantity: 1)])
        }
    }

    /// The rules of the symbols.
    public func rules(for symbols: [Symbol]) async throws -> [InstrumentRules] {
        try answer(BrokerCall(.rules, symbols: symbols)) { symbols.map($0.answers.rules) }
    }

    /// The orders that are not over, on one page.
    public func openOrders(for symbol: Symbol?, page: PageCursor?) async throws -> OrderPage {
        try answer(BrokerCall(.openOrders, symbol: symbol)) { state in
            OrderPage(orders: state.answers.orders(of: symbol).filter { !$0.status.isTerminal })
        }
    }

    /// Every order, newest first, on one page.
    public func orderHistory(for symbol: Symbol?, page: PageCursor?) async throws -> OrderPage {
        try answer(BrokerCall(.history, symbol: symbol)) { state in
            OrderPage(orders: state.answers.orders(of: symbol).reversed())
        }
    }

    /// The order.
    ///
    /// - Throws: a `BrokerError` with the venue code `-2013` where there is none of that id.
    public func order(_ target: OrderTarget, symbol: Symbol) async throws -> Order {
        try answer(BrokerCall(.query, symbol: symbol, targets: [target])) { state in
            state.answers.orders[try state.answers.index(of: target, symbol, code: "-2013")]
        }
    }

    /// The fills behind the cursor, which counts those that were read.
    public func fills(since cursor: FillCursor?, symbol: Symbol?) async throws -> FillPage {
        try answer(BrokerCall(.fills, symbol: symbol)) { state in
            let all = state.answers.fills
            let start = cursor.flatMap { Int($0.rawValue) } ?? 0
            let fills = all.dropFirst(max(0, start)).filter { symbol == nil || $0.symbol == symbol }
            return FillPage(fills: fills, cursor: FillCursor(String(all.count)))
        }
    }

    /// The fees that are set.
    public func fees(for symbol: Symbol) async throws -> FeeRates {
        try answer(BrokerCall(.fees, symbol: symbol)) { $0.answers.fees }
    }

    /// The permissions that are set.
    public func permissions() async throws -> KeyPermissions {
        try answer(BrokerCall(.permissions)) { $0.answers.permissions }
    }

    /// The preview that is set.
    public func preview(_ order: OrderRequest) async throws -> OrderPreview {
        try answer(BrokerCall(.preview, symbol: order.symbol, order: order)) { $0.answers.preview }
    }

    /// The preview that is set.
    public func preview(_ amend: AmendRequest) async throws -> OrderPreview {
        let call = BrokerCall(.preview, symbol: amend.symbol, targets: [amend.target], amend: amend)
        return try answer(call) { $0.answers.preview }
    }

    /// The time that is set.
    public func serverTime() async throws -> CivilInstant {
        try answer(BrokerCall(.time)) { $0.answers.serverTime }
    }

    /// The status that is set.
    public func status() async throws -> VenueStatus {
        try answer(BrokerCall(.status)) { $0.answers.status }
    }

    /// The usage that is set.
    public func limits() async throws -> [LimitUsage] {
        try answer(BrokerCall(.limits)) { $0.answers.limits }
    }

    /// A stream of what `emit` sends, from now on.
    public func marketEvents(for symbols: [Symbol]) async throws -> AsyncThrowingStream<MarketEvent, any Error> {
        let (stream, continuation) = AsyncThrowingStream<MarketEvent, any Error>.makeStream()
        return try answer(BrokerCall(.marketStream, symbols: symbols)) { state in
            state.watchers.append(continuation)
            return stream
        }
    }

    /// A stream of what `emit` sends, from now on.
    public func userEvents() async throws -> AsyncThrowingStream<UserEvent, any Error> {
        let (stream, continuation) = AsyncThrowingStream<UserEvent, any Error>.makeStream()
        return try answer(BrokerCall(.userStream)) { state in
            state.listeners.append(continuation)
            return stream
        }
    }
}

extension DeterministicBroker.Answers {
    fileprivate func ticker(for symbol: Symbol) -> Ticker {
        tickers[symbol] ?? Ticker(symbol: symbol, bid: 99, ask: 101, last: 100, time: serverTime)
    }

    fileprivate func rules(for symbol: Symbol) -> InstrumentRules {
        rules[symbol]
            ?? InstrumentRules(
                symbol: symbol, tick: Decimal(sign: .plus, exponent: -2, significand: 1),
                lot: Decimal(sign: .plus, exponent: -3, significand: 1), minimumQuantity: 0, minimumNotional: 0,
                base: "BASE", quote: "USDT")
    }

    fileprivate func orders(of symbol: Symbol?) -> [Order] {
        orders.filter { symbol == nil || $0.symbol == symbol }
    }

    /// Where the order is in the list; an error of the code where it is not.
    func index(of target: OrderTarget, _ symbol: Symbol, code: String) throws -> Int {
        let found = orders.firstIndex { order in
            switch target {
            case .venue(let id): order.venueID == id
            case .client(let id): order.clientID == id
            }
        }
        if let found { return found }
        throw BrokerError(
            code: .answered, message: "no order \(target) of \(symbol)", delivery: .answered, status: 400,
            venueCode: code)
    }
}
