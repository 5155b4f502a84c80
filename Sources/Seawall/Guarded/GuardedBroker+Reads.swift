internal import SeawallBackoff
public import SeawallBroker
internal import SeawallCircuitBreaker
internal import SeawallRateLimit
public import SeawallTime

/// Reads: retried with jittered backoff, through the breaker of reads and the venue's limits, at most so many at once.
///
/// An error of the venue comes back untouched when it is final, and untouched inside `BackoffExhausted` when every retry
/// that it was worth has failed. All reads draw their repeats on one budget. Cancelling the task ends a read at once.
extension GuardedBroker {
    /// What the account holds of each asset.
    public func balances() async throws -> [Balance] {
        try await read(BrokerCall(.balances)) { try await $0.balances() }
    }

    /// What the account holds of each symbol.
    public func positions() async throws -> [Position] {
        let began = time.now
        var isRead = false
        defer { courier.metrics.trading.fetchedPositions(after: began.duration(to: time.now), succeeded: isRead) }
        let positions = try await read(BrokerCall(.positions)) { try await $0.positions() }
        isRead = true
        return positions
    }

    /// The best prices of one symbol.
    public func ticker(for symbol: Symbol) async throws -> Ticker {
        try await read(BrokerCall(.ticker, symbol: symbol, symbols: [symbol])) { try await $0.ticker(for: symbol) }
    }

    /// The best prices of many symbols: one call where the venue has one, else one each, a few at once.
    ///
    /// A symbol that is missing from the venue's answer is asked for by itself. In the order asked for.
    public func tickers(for symbols: [Symbol]) async throws -> [Ticker] {
        var seen: Set<Symbol> = []
        let wanted = symbols.filter { seen.insert($0).inserted }
        var found: [Symbol: Ticker] = [:]
        // Every read takes its own permit, a try at a time; a `TickerReader` over it would hold a second one meanwhile.
        if capabilities.contains(.manyTickers), wanted.count > 1 {
            let batch = try await read(BrokerCall(.ticker, symbols: wanted)) { try await $0.tickers(for: wanted) }
            for ticker in batch { found[ticker.symbol] = ticker }
        }
        let missing = wanted.filter { found[$0] == nil }
        try await withThrowingTaskGroup(of: Ticker.self) { group in
            for symbol in missing { group.addTask { try await self.ticker(for: symbol) } }
            for try await ticker in group { found[ticker.symbol] = ticker }
        }
        return symbols.compactMap { found[$0] }
    }

    /// The last candles of a symbol.
    public func candles(for symbol: Symbol, interval: Duration, limit: Int) async throws -> [Candle] {
        try await read(BrokerCall(.candles, symbol: symbol), lane: .history) {
            try await $0.candles(for: symbol, interval: interval, limit: limit)
        }
    }

    /// The book of a symbol.
    public func depth(for symbol: Symbol, levels: Int) async throws -> OrderBook {
        try await read(BrokerCall(.depth, symbol: symbol)) { try await $0.depth(for: symbol, levels: levels) }
    }

    /// What the venue asks of orders; the layer learns from it.
    public func rules(for symbols: [Symbol]) async throws -> [InstrumentRules] {
        let list = try await read(BrokerCall(.rules, symbols: symbols)) { try await $0.rules(for: symbols) }
        rules.learn(list)
        return list
    }

    /// One page of open orders; the layer learns from it, but never from an order's absence.
    public func openOrders(for symbol: Symbol?, page: PageCursor?) async throws -> OrderPage {
        let found = try await read(BrokerCall(.openOrders, symbol: symbol)) {
            try await $0.openOrders(for: symbol, page: page)
        }
        for order in found.orders { evidence.seen(order) }
        return found
    }

    /// One page of past orders.
    public func orderHistory(for symbol: Symbol?, page: PageCursor?) async throws -> OrderPage {
        try await read(BrokerCall(.history, symbol: symbol), lane: .history) {
            try await $0.orderHistory(for: symbol, page: page)
        }
    }

    /// One order, by either id; the layer learns from it.
    ///
    /// Where the venue cannot be asked by the id given, and no other is known by which it can, the order is looked for in
    /// its complete lists.
    ///
    /// - Throws: As other reads; `GuardError` of code `noSuchOrder` where no list shows it, of `failed` where one could not
    ///   be read to the end.
    public func order(_ target: OrderTarget, symbol: Symbol) async throws -> Order {
        guard let named = resolver.name(forAsking: target) else { return try await listed(target, symbol) }
        let order = try await read(BrokerCall(.query, symbol: symbol, targets: [named]), lane: .resolve) {
            try await $0.order(named, symbol: symbol)
        }
        evidence.seen(order, answering: named)
        return ledger.entry(target)?.order ?? order
    }

    /// An order that the venue shows in its lists alone.
    private func listed(_ target: OrderTarget, _ symbol: Symbol) async throws -> Order {
        let answer = try await reads.withPermit { await resolver.ask(target, symbol: symbol, origin: .bot) }
        try Task.checkCancellation()
        switch answer {
        case .found(let order):
            return ledger.entry(target)?.order ?? order
        case .absent:
            throw GuardError(
                code: .noSuchOrder, message: "no list of the venue shows an order \(target) of \(symbol)",
                order: ledger.entry(target)?.order)
        case .noAnswer:
            throw GuardError(
                code: .failed, message: "the venue's lists could not be read to the end; ask again",
                order: ledger.entry(target)?.order)
        }
    }

    /// Fills since a cursor; the layer learns from those of its own orders.
    public func fills(since cursor: FillCursor?, symbol: Symbol?) async throws -> FillPage {
        let page = try await read(BrokerCall(.fills, symbol: symbol)) {
            try await $0.fills(since: cursor, symbol: symbol)
        }
        // Others may be older than the positions that were read at the start, and are in them already.
        for fill in page.fills { evidence.filledAgain(fill) }
        return page
    }

    /// What trading the symbol costs.
    public func fees(for symbol: Symbol) async throws -> FeeRates {
        try await read(BrokerCall(.fees, symbol: symbol), lane: .history) { try await $0.fees(for: symbol) }
    }

    /// What the key may do.
    public func permissions() async throws -> KeyPermissions {
        try await read(BrokerCall(.permissions), lane: .history) { try await $0.permissions() }
    }

    /// What placing the order would do, without doing it.
    public func preview(_ order: OrderRequest) async throws -> OrderPreview {
        try await read(BrokerCall(.preview, symbol: order.symbol, order: order)) { try await $0.preview(order) }
    }

    /// What the amend would do, without doing it.
    public func preview(_ amend: AmendRequest) async throws -> OrderPreview {
        try await read(BrokerCall(.preview, symbol: amend.symbol, targets: [amend.target], amend: amend)) {
            try await $0.preview(amend)
        }
    }

    /// Sets or disarms the venue's dead-man timer; setting it twice does no harm, so it is retried like a read.
    public func setDeadManTimer(_ timeout: Duration?, symbol: Symbol) async throws {
        try await read(BrokerCall(.timer, symbol: symbol), lane: .cancel) {
            try await $0.setDeadManTimer(timeout, symbol: symbol)
        }
    }

    /// The venue's time; the layer learns from it by which clock to sign.
    public func serverTime() async throws -> CivilInstant {
        try await read(BrokerCall(.time)) { [courier] broker in
            let asked = courier.environment.time.now
            let venue = try await broker.serverTime()
            courier.learnClock(venue, asked: asked)
            return venue
        }
    }

    /// What the venue takes now.
    public func status() async throws -> VenueStatus {
        try await read(BrokerCall(.status)) { try await $0.status() }
    }

    /// How much of the venue's limits is used.
    public func limits() async throws -> [LimitUsage] {
        try await read(BrokerCall(.limits)) { try await $0.limits() }
    }

    /// The market's stream, as the venue gives it.
    public func marketEvents(for symbols: [Symbol]) async throws -> AsyncThrowingStream<MarketEvent, any Error> {
        try await read(BrokerCall(.marketStream, symbols: symbols)) { try await $0.marketEvents(for: symbols) }
    }

    /// The account's stream, as the venue gives it; the layer follows one of its own.
    public func userEvents() async throws -> AsyncThrowingStream<UserEvent, any Error> {
        try await read(BrokerCall(.userStream)) { try await $0.userEvents() }
    }

    /// Carries a read, again and again while that is worth it.
    func read<Answer: Sendable>(
        _ call: BrokerCall, lane: Lane = .marketData, origin: RequestContext.Origin = .bot,
        by make: @escaping @Sendable (any Broker) async throws -> Answer
    ) async throws -> Answer {
        let bypassesBreaker = lane == .cancel || lane == .resolve
        let parcel = Parcel<Answer>(
            call, lane: lane, origin: origin, breaker: bypassesBreaker ? nil : readBreaker,
            timeout: configuration.readTimeout,
            make: make)
        do {
            return try await retry(
                configuration.readRetry, environment: courier.environment, effect: .idempotent, budget: retryBudget,
                classify: ReadFailure.decision, onRetry: { courier.metrics.waits(call.operation, $0) }
            ) {
                try await self.reads.withPermit { try ReadFailure.unwrap(await self.courier.carry(parcel)) }
            }
        } catch let failure as ReadFailure {
            throw failure.underlying
        } catch let exhausted as BackoffExhausted {
            courier.metrics.retries.ranOut(call.operation, exhausted)
            throw exhausted.mapErrors { ($0 as? ReadFailure)?.underlying ?? $0 }
        }
    }
}

/// A read that failed, on its way through the retry loop: what it came to, and the error as it was thrown.
private struct ReadFailure: Error {
    var outcome: Outcome
    var underlying: any Error

    static func unwrap<Answer>(_ carried: Carried<Answer>) throws -> Answer {
        switch carried {
        case .arrived(.answered(let answer)):
            return answer
        case .arrived(.failed(let outcome, let error)):
            throw ReadFailure(outcome: outcome, underlying: error)
        case .gaveUp:
            try Task.checkCancellation()
            throw ReadFailure(
                outcome: .ambiguous,
                underlying: BrokerError(code: .timeout, message: "no answer came in time", delivery: .maybeSent))
        case .refused(let turned):
            throw turned.error(for: nil)
        }
    }

    static func decision(_ error: any Error) -> RetryDecision {
        guard let failure = error as? ReadFailure else { return .stop }
        switch failure.outcome {
        case .notSent, .clockSkew: return .retry
        case .overloaded: return .retry(as: .throttled)
        case .ambiguous: return .retryIfIdempotent
        case .rateLimited(let until, _): return .retryAfter(until: until)
        case .succeeded, .banned, .rejected, .reduceCapacity, .noSuchOrder, .duplicate, .partial, .venueMode,
            .authentication, .sessionExpired, .callerCancelled:
            return .stop
        }
    }
}
