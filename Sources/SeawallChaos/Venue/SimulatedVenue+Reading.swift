public import SeawallBroker
public import SeawallTime

extension SimulatedVenue {
    /// What the account holds of each asset: free after margin and working orders.
    public func balances() async throws -> [Balance] {
        try await call(.balances) { state throws(Refusal) in state.exchange.balances() }
    }

    /// What the account holds of each symbol; symbols with nothing are missing.
    public func positions() async throws -> [Position] {
        try await call(.positions) { state throws(Refusal) in state.exchange.positions() }
    }

    /// The best prices of one symbol, as they are when the request is served.
    public func ticker(for symbol: Symbol) async throws -> Ticker {
        try await call(.ticker, about: about(symbol)) { state throws(Refusal) in
            state.exchange.ticker(try state.exchange.index(of: symbol))
        }
    }

    /// The best prices of many symbols; those that the venue does not trade are missing.
    public func tickers(for symbols: [Symbol]) async throws -> [Ticker] {
        try await call(.ticker, needs: .manyTickers) { state throws(Refusal) in
            symbols.compactMap { state.exchange.marketBySymbol[$0] }.map { state.exchange.ticker($0) }
        }
    }

    /// The last candles of whole minutes, oldest first, the present one as far as it has come; a week is remembered.
    public func candles(for symbol: Symbol, interval: Duration, limit: Int) async throws -> [Candle] {
        try await call(.candles, needs: .candles, about: about(symbol)) { state throws(Refusal) in
            try state.exchange.candles(try state.exchange.index(of: symbol), interval: interval, limit: limit)
        }
    }

    /// A book around the price, each level as deep as what is left at the present price.
    public func depth(for symbol: Symbol, levels: Int) async throws -> OrderBook {
        try await call(.depth, needs: .depth, about: about(symbol)) { state throws(Refusal) in
            state.exchange.depth(try state.exchange.index(of: symbol), levels: levels)
        }
    }

    /// What the venue asks of orders for the symbols; those that it does not trade are missing.
    public func rules(for symbols: [Symbol]) async throws -> [InstrumentRules] {
        try await call(.rules, needs: .rules) { state throws(Refusal) in
            symbols.compactMap { state.exchange.marketBySymbol[$0] }.map { state.exchange.markets[$0].rules }
        }
    }

    /// One page of working orders, oldest first; pages neither repeat nor lose an order that works all the while.
    public func openOrders(for symbol: Symbol?, page: PageCursor?) async throws -> OrderPage {
        try await call(.openOrders, about: symbol.map(about)) { state throws(Refusal) in
            try state.exchange.openOrders(symbol, page: page)
        }
    }

    /// One page of ended orders, the last ended first.
    public func orderHistory(for symbol: Symbol?, page: PageCursor?) async throws -> OrderPage {
        try await call(.history, needs: .history, about: symbol.map(about)) { state throws(Refusal) in
            try state.exchange.history(symbol, page: page)
        }
    }

    /// One order, by either id.
    ///
    /// - Throws: `BrokerError` where there is none, or none that is visible yet.
    public func order(_ target: OrderTarget, symbol: Symbol) async throws -> Order {
        try await call(
            .query, needs: capability(for: target, .queryByClientID), about: summary(of: target, symbol: symbol)
        ) { state throws(Refusal) in
            try state.exchange.order(target, symbol: symbol)
        }
    }

    /// Trades since a cursor, oldest first.
    public func fills(since cursor: FillCursor?, symbol: Symbol?) async throws -> FillPage {
        try await call(.fills, about: symbol.map(about)) { state throws(Refusal) in
            try state.exchange.fills(since: cursor, symbol: symbol)
        }
    }

    /// What trading costs, the same for every symbol.
    public func fees(for symbol: Symbol) async throws -> FeeRates {
        try await call(.fees, needs: .fees, about: about(symbol)) { state throws(Refusal) in
            _ = try state.exchange.index(of: symbol)
            return state.exchange.configuration.fees
        }
    }

    /// A key that reads and trades and cannot withdraw.
    public func permissions() async throws -> KeyPermissions {
        try await call(.permissions, needs: .permissions) { state throws(Refusal) in
            KeyPermissions(canRead: true, canTrade: true, canWithdraw: false, isAddressBound: true)
        }
    }

    /// The venue's own civil time.
    public func serverTime() async throws -> CivilInstant {
        try await call(.time, needs: .serverTime) { state throws(Refusal) in state.exchange.civil(state.exchange.now) }
    }

    /// The mode that was set.
    public func status() async throws -> VenueStatus {
        try await call(.status, needs: .status) { state throws(Refusal) in state.exchange.status }
    }

    /// How much of each limit is used, in the order of the profile; of a limit for each symbol, by the one that uses most.
    public func limits() async throws -> [LimitUsage] {
        try await call(.limits, needs: .limits) { state throws(Refusal) in
            state.gate.usage(
                at: state.exchange.now, open: state.exchange.openCount, openOfOne: state.exchange.openCountOfOne)
        }
    }

    private func about(_ symbol: Symbol) -> VenueEvent { VenueEvent(.arrived, time: .origin, symbol: symbol) }
}
