internal import SeawallBroker
internal import SeawallTime

extension MachineWire {
    func balances() async throws -> [Balance] {
        try await carry { try await $0.balances() }
    }

    func positions() async throws -> [Position] {
        try await carry { try await $0.positions() }
    }

    func ticker(for symbol: Symbol) async throws -> Ticker {
        try await carry { try await $0.ticker(for: symbol) }
    }

    func tickers(for symbols: [Symbol]) async throws -> [Ticker] {
        try await carry { try await $0.tickers(for: symbols) }
    }

    func candles(for symbol: Symbol, interval: Duration, limit: Int) async throws -> [Candle] {
        try await carry { try await $0.candles(for: symbol, interval: interval, limit: limit) }
    }

    func depth(for symbol: Symbol, levels: Int) async throws -> OrderBook {
        try await carry { try await $0.depth(for: symbol, levels: levels) }
    }

    func rules(for symbols: [Symbol]) async throws -> [InstrumentRules] {
        try await carry { try await $0.rules(for: symbols) }
    }

    func openOrders(for symbol: Symbol?, page: PageCursor?) async throws -> OrderPage {
        try await carry { try await $0.openOrders(for: symbol, page: page) }
    }

    func orderHistory(for symbol: Symbol?, page: PageCursor?) async throws -> OrderPage {
        try await carry { try await $0.orderHistory(for: symbol, page: page) }
    }

    func order(_ target: OrderTarget, symbol: Symbol) async throws -> Order {
        try await carry { try await $0.order(target, symbol: symbol) }
    }

    func fills(since cursor: FillCursor?, symbol: Symbol?) async throws -> FillPage {
        try await carry { try await $0.fills(since: cursor, symbol: symbol) }
    }

    func fees(for symbol: Symbol) async throws -> FeeRates {
        try await carry { try await $0.fees(for: symbol) }
    }

    func permissions() async throws -> KeyPermissions {
        try await carry { try await $0.permissions() }
    }

    func preview(_ order: OrderRequest) async throws -> OrderPreview {
        try await carry { try await $0.preview(order) }
    }

    func preview(_ amend: AmendRequest) async throws -> OrderPreview {
        try await carry { try await $0.preview(amend) }
    }

    func place(_ order: OrderRequest) async throws -> Order {
        try await carry { try await $0.place(order) }
    }

    func amend(_ amend: AmendRequest) async throws -> Order {
        try await carry { try await $0.amend(amend) }
    }

    func cancel(_ target: OrderTarget, symbol: Symbol) async throws -> Order {
        try await carry { try await $0.cancel(target, symbol: symbol) }
    }

    func cancel(_ targets: [OrderTarget], symbol: Symbol) async throws -> [CancelResult] {
        try await carry { try await $0.cancel(targets, symbol: symbol) }
    }

    func cancelAll(for symbol: Symbol) async throws -> [CancelResult] {
        try await carry { try await $0.cancelAll(for: symbol) }
    }

    func setDeadManTimer(_ timeout: Duration?, symbol: Symbol) async throws {
        try await carry { try await $0.setDeadManTimer(timeout, symbol: symbol) }
    }

    func serverTime() async throws -> CivilInstant {
        try await carry { try await $0.serverTime() }
    }

    func status() async throws -> VenueStatus {
        try await carry { try await $0.status() }
    }

    func limits() async throws -> [LimitUsage] {
        try await carry { try await $0.limits() }
    }

    func marketEvents(for symbols: [Symbol]) async throws -> AsyncThrowingStream<MarketEvent, any Error> {
        try await carry { try await $0.marketEvents(for: symbols) }
    }

    func userEvents() async throws -> AsyncThrowingStream<UserEvent, any Error> {
        try await carry { try await $0.userEvents() }
    }
}
