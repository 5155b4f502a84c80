public import SeawallTime

extension Broker {
    /// Throws: the venue does not serve many symbols in one call.
    public func tickers(for symbols: [Symbol]) async throws -> [Ticker] { throw BrokerError.lacks(.manyTickers) }

    /// Throws: the venue has no candles.
    public func candles(for symbol: Symbol, interval: Duration, limit: Int) async throws -> [Candle] {
        throw BrokerError.lacks(.candles)
    }

    /// Throws: the venue shows no book.
    public func depth(for symbol: Symbol, levels: Int) async throws -> OrderBook { throw BrokerError.lacks(.depth) }

    /// Throws: the venue tells no rules.
    public func rules(for symbols: [Symbol]) async throws -> [InstrumentRules] { throw BrokerError.lacks(.rules) }

    /// Throws: the venue keeps no history.
    public func orderHistory(for symbol: Symbol?, page: PageCursor?) async throws -> OrderPage {
        throw BrokerError.lacks(.history)
    }

    /// Throws: the venue tells no fees.
    public func fees(for symbol: Symbol) async throws -> FeeRates { throw BrokerError.lacks(.fees) }

    /// Throws: the venue does not say what the key may do.
    public func permissions() async throws -> KeyPermissions { throw BrokerError.lacks(.permissions) }

    /// Throws: the venue has no previews.
    public func preview(_ order: OrderRequest) async throws -> OrderPreview { throw BrokerError.lacks(.preview) }

    /// Throws: the venue has no previews of amends.
    public func preview(_ amend: AmendRequest) async throws -> OrderPreview { throw BrokerError.lacks(.previewAmend) }

    /// Throws: the venue cannot change orders.
    public func amend(_ amend: AmendRequest) async throws -> Order { throw BrokerError.lacks(.amend) }

    /// Throws: the venue cannot cancel several orders in one call.
    public func cancel(_ targets: [OrderTarget], symbol: Symbol) async throws -> [CancelResult] {
        throw BrokerError.lacks(.cancelMany)
    }

    /// Throws: the venue cannot cancel all orders in one call.
    public func cancelAll(for symbol: Symbol) async throws -> [CancelResult] { throw BrokerError.lacks(.cancelAll) }

    /// Throws: the venue has no dead-man timer.
    public func setDeadManTimer(_ timeout: Duration?, symbol: Symbol) async throws {
        throw BrokerError.lacks(.deadManTimer)
    }

    /// Throws: the venue does not tell its time.
    public func serverTime() async throws -> CivilInstant { throw BrokerError.lacks(.serverTime) }

    /// Throws: the venue does not tell its status.
    public func status() async throws -> VenueStatus { throw BrokerError.lacks(.status) }

    /// Throws: the venue does not tell its limits.
    public func limits() async throws -> [LimitUsage] { throw BrokerError.lacks(.limits) }

    /// Throws: the venue has no market stream.
    public func marketEvents(for symbols: [Symbol]) async throws -> AsyncThrowingStream<MarketEvent, any Error> {
        throw BrokerError.lacks(.marketStream)
    }

    /// Throws: the venue has no stream of the account.
    public func userEvents() async throws -> AsyncThrowingStream<UserEvent, any Error> {
        throw BrokerError.lacks(.userStream)
    }
}
