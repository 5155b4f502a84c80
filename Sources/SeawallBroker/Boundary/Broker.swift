public import SeawallTime

/// The boundary to a venue: what a bot asks for, and what a broker adapter, a simulated venue and a guard all are.
///
/// A call either returns what the venue answered or throws; an adapter throws `BrokerError`, with what it knows of
/// whether bytes may have left. Calls are cancellable, and an adapter never retries on its own. What a venue lacks is
/// missing from `capabilities`, and the default implementation of the call throws `BrokerError.Code.unsupported`.
public protocol Broker: Sendable {
    /// What the venue has beyond the calls that every venue has.
    var capabilities: Set<BrokerCapability> { get }

    /// What the account holds of each asset.
    func balances() async throws -> [Balance]

    /// What the account holds of each symbol; symbols with nothing may be missing.
    func positions() async throws -> [Position]

    /// The best prices of one symbol.
    func ticker(for symbol: Symbol) async throws -> Ticker

    /// The best prices of many symbols in one call; symbols may be missing from the answer.
    func tickers(for symbols: [Symbol]) async throws -> [Ticker]

    /// The last candles of a symbol, oldest first, at most `limit`.
    func candles(for symbol: Symbol, interval: Duration, limit: Int) async throws -> [Candle]

    /// The book of a symbol, at most `levels` deep on each side.
    func depth(for symbol: Symbol, levels: Int) async throws -> OrderBook

    /// What the venue asks of orders for the symbols.
    func rules(for symbols: [Symbol]) async throws -> [InstrumentRules]

    /// One page of open orders, of one symbol or of all.
    func openOrders(for symbol: Symbol?, page: PageCursor?) async throws -> OrderPage

    /// One page of past orders, newest first.
    func orderHistory(for symbol: Symbol?, page: PageCursor?) async throws -> OrderPage

    /// One order, by either id.
    func order(_ target: OrderTarget, symbol: Symbol) async throws -> Order

    /// Fills since a cursor, or from the beginning.
    func fills(since cursor: FillCursor?, symbol: Symbol?) async throws -> FillPage

    /// What trading the symbol costs.
    func fees(for symbol: Symbol) async throws -> FeeRates

    /// What the key may do.
    func permissions() async throws -> KeyPermissions

    /// What placing the order would do, without doing it.
    func preview(_ order: OrderRequest) async throws -> OrderPreview

    /// What the amend would do; the preview's id goes into the amend.
    func preview(_ amend: AmendRequest) async throws -> OrderPreview

    /// Places an order.
    func place(_ order: OrderRequest) async throws -> Order

    /// Changes a working order.
    ///
    /// Where `VenueProfile.amendReplaces`, the target is the order that is replaced, by the venue's own id, and the
    /// quantity counts what that order alone has filled: the new one is to be made of what is left. An order of that id
    /// that works no more is no such order, so that the same amend, come twice, is done once.
    func amend(_ amend: AmendRequest) async throws -> Order

    /// Cancels an order, by either id, and returns it as it ended.
    func cancel(_ target: OrderTarget, symbol: Symbol) async throws -> Order

    /// Cancels several orders of a symbol, with a result for each.
    func cancel(_ targets: [OrderTarget], symbol: Symbol) async throws -> [CancelResult]

    /// Cancels every order of a symbol.
    func cancelAll(for symbol: Symbol) async throws -> [CancelResult]

    /// Tells the venue to cancel all orders of a symbol after a time unless told again; nil disarms it.
    func setDeadManTimer(_ timeout: Duration?, symbol: Symbol) async throws

    /// The venue's time.
    func serverTime() async throws -> CivilInstant

    /// What the venue takes now.
    func status() async throws -> VenueStatus

    /// How much of the venue's limits is used.
    func limits() async throws -> [LimitUsage]

    /// What happens in the market, until the stream breaks or the consumer stops.
    func marketEvents(for symbols: [Symbol]) async throws -> AsyncThrowingStream<MarketEvent, any Error>

    /// What happens to the account's orders, until the stream breaks or the consumer stops.
    func userEvents() async throws -> AsyncThrowingStream<UserEvent, any Error>
}
