public import SeawallTime

/// A broker that stands before another and sees every call in one place.
///
/// A conforming type writes `base` and `intercept` alone; every call of `Broker` goes through `intercept` with its
/// description. A wrapper that cares for a call in particular may still write that call itself.
public protocol InterceptingBroker: Broker {
    /// The broker behind.
    var base: any Broker { get }

    /// Sees a call: makes it by `proceed`, or does something else, and returns or throws what the caller shall see.
    func intercept<Answer: Sendable>(
        _ call: BrokerCall, _ proceed: @Sendable () async throws -> Answer
    ) async throws -> Answer
}

extension InterceptingBroker {
    /// What the broker behind has.
    public var capabilities: Set<BrokerCapability> { base.capabilities }

    /// Passes the call through `intercept`.
    public func balances() async throws -> [Balance] {
        try await intercept(BrokerCall(.balances)) { try await base.balances() }
    }

    /// Passes the call through `intercept`.
    public func positions() async throws -> [Position] {
        try await intercept(BrokerCall(.positions)) { try await base.positions() }
    }

    /// Passes the call through `intercept`.
    public func ticker(for symbol: Symbol) async throws -> Ticker {
        try await intercept(BrokerCall(.ticker, symbol: symbol, symbols: [symbol])) {
            try await base.ticker(for: symbol)
        }
    }

    /// Passes the call through `intercept`.
    public func tickers(for symbols: [Symbol]) async throws -> [Ticker] {
        try await intercept(BrokerCall(.ticker, symbols: symbols)) { try await base.tickers(for: symbols) }
    }

    /// Passes the call through `intercept`.
    public func candles(for symbol: Symbol, interval: Duration, limit: Int) async throws -> [Candle] {
        try await intercept(BrokerCall(.candles, symbol: symbol)) {
            try await base.candles(for: symbol, interval: interval, limit: limit)
        }
    }

    /// Passes the call through `intercept`.
    public func depth(for symbol: Symbol, levels: Int) async throws -> OrderBook {
        try await intercept(BrokerCall(.depth, symbol: symbol)) { try await base.depth(for: symbol, levels: levels) }
    }

    /// Passes the call through `intercept`.
    public func rules(for symbols: [Symbol]) async throws -> [InstrumentRules] {
        try await intercept(BrokerCall(.rules, symbols: symbols)) { try await base.rules(for: symbols) }
    }

    /// Passes the call through `intercept`.
    public func openOrders(for symbol: Symbol?, page: PageCursor?) async throws -> OrderPage {
        try await intercept(BrokerCall(.openOrders, symbol: symbol)) {
            try await base.openOrders(for: symbol, page: page)
        }
    }

    /// Passes the call through `intercept`.
    public func orderHistory(for symbol: Symbol?, page: PageCursor?) async throws -> OrderPage {
        try await intercept(BrokerCall(.history, symbol: symbol)) {
            try await base.orderHistory(for: symbol, page: page)
        }
    }

    /// Passes the call through `intercept`.
    public func order(_ target: OrderTarget, symbol: Symbol) async throws -> Order {
        try await intercept(BrokerCall(.query, symbol: symbol, targets: [target])) {
            try await base.order(target, symbol: symbol)
        }
    }

    /// Passes the call through `intercept`.
    public func fills(since cursor: FillCursor?, symbol: Symbol?) async throws -> FillPage {
        try await intercept(BrokerCall(.fills, symbol: symbol)) { try await base.fills(since: cursor, symbol: symbol) }
    }

    /// Passes the call through `intercept`.
    public func fees(for symbol: Symbol) async throws -> FeeRates {
        try await intercept(BrokerCall(.fees, symbol: symbol)) { try await base.fees(for: symbol) }
    }

    /// Passes the call through `intercept`.
    public func permissions() async throws -> KeyPermissions {
        try await intercept(BrokerCall(.permissions)) { try await base.permissions() }
    }

    /// Passes the call through `intercept`.
    public func preview(_ order: OrderRequest) async throws -> OrderPreview {
        try await intercept(BrokerCall(.preview, symbol: order.symbol, order: order)) { try await base.preview(order) }
    }

    /// Passes the call through `intercept`.
    public func preview(_ amend: AmendRequest) async throws -> OrderPreview {
        try await intercept(BrokerCall(.preview, symbol: amend.symbol, targets: [amend.target], amend: amend)) {
            try await base.preview(amend)
        }
    }

    /// Passes the call through `intercept`.
    public func place(_ order: OrderRequest) async throws -> Order {
        try await intercept(BrokerCall(.place, symbol: order.symbol, order: order)) { try await base.place(order) }
    }

    /// Passes the call through `intercept`.
    public func amend(_ amend: AmendRequest) async throws -> Order {
        try await intercept(BrokerCall(.amend, symbol: amend.symbol, targets: [amend.target], amend: amend)) {
            try await base.amend(amend)
        }
    }

    /// Passes the call through `intercept`.
    public func cancel(_ target: OrderTarget, symbol: Symbol) async throws -> Order {
        try await intercept(BrokerCall(.cancel, symbol: symbol, targets: [target])) {
            try await base.cancel(target, symbol: symbol)
        }
    }

    /// Passes the call through `intercept`.
    public func cancel(_ targets: [OrderTarget], symbol: Symbol) async throws -> [CancelResult] {
        try await intercept(BrokerCall(.cancelMany, symbol: symbol, targets: targets)) {
            try await base.cancel(targets, symbol: symbol)
        }
    }

    /// Passes the call through `intercept`.
    public func cancelAll(for symbol: Symbol) async throws -> [CancelResult] {
        try await intercept(BrokerCall(.cancelAll, symbol: symbol)) { try await base.cancelAll(for: symbol) }
    }

    /// Passes the call through `intercept`.
    public func setDeadManTimer(_ timeout: Duration?, symbol: Symbol) async throws {
        try await intercept(BrokerCall(.timer, symbol: symbol)) {
            try await base.setDeadManTimer(timeout, symbol: symbol)
        }
    }

    /// Passes the call through `intercept`.
    public func serverTime() async throws -> CivilInstant {
        try await intercept(BrokerCall(.time)) { try await base.serverTime() }
    }

    /// Passes the call through `intercept`.
    public func status() async throws -> VenueStatus {
        try await intercept(BrokerCall(.status)) { try await base.status() }
    }

    /// Passes the call through `intercept`.
    public func limits() async throws -> [LimitUsage] {
        try await intercept(BrokerCall(.limits)) { try await base.limits() }
    }

    /// Passes the call through `intercept`.
    public func marketEvents(for symbols: [Symbol]) async throws -> AsyncThrowingStream<MarketEvent, any Error> {
        try await intercept(BrokerCall(.marketStream, symbols: symbols)) { try await base.marketEvents(for: symbols) }
    }

    /// Passes the call through `intercept`.
    public func userEvents() async throws -> AsyncThrowingStream<UserEvent, any Error> {
        try await intercept(BrokerCall(.userStream)) { try await base.userEvents() }
    }
}
