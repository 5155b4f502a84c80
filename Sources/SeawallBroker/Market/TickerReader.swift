public import SeawallRateLimit

/// Reads the best prices of many symbols in as few calls as the venue allows.
///
/// Where the venue has `manyTickers` that is one call, and one more for each symbol that its answer leaves out. Else it
/// is one call a symbol, side by side, under the permits that all concurrent reads of a bot share.
public struct TickerReader: Sendable {
    /// How many reads go on at once where nobody says otherwise.
    ///
    /// The figure is that of the systems this library follows.
    public static let defaultLimit = 5

    private let broker: any Broker
    private let permits: ConcurrencyLimiter

    /// Makes a reader that shares permits with other reads.
    public init(broker: any Broker, permits: ConcurrencyLimiter) {
        self.broker = broker
        self.permits = permits
    }

    /// Makes a reader with permits of its own.
    ///
    /// - Throws: `RateLimitError` of code `invalidConfiguration` where the limit is below 1.
    public init(broker: any Broker, limit: Int = TickerReader.defaultLimit) throws(RateLimitError) {
        self.init(broker: broker, permits: try ConcurrencyLimiter(limit: limit))
    }

    /// The best prices of the symbols, in the order asked.
    ///
    /// - Throws: the error of the first symbol, in the order asked, that has no prices; every call has ended by then.
    public func tickers(for symbols: [Symbol]) async throws -> [Ticker] {
        try await results(for: symbols).map { try $0.get() }
    }

    /// The best prices of each symbol, or why there are none, in the order asked.
    ///
    /// A failed call about many symbols is the result of each: it is not followed by a call for each. A cancelled task
    /// gets `CancellationError` for what was not read yet.
    public func results(for symbols: [Symbol]) async -> [Result<Ticker, any Error>] {
        var seen: Set<Symbol> = []
        let wanted = symbols.filter { seen.insert($0).inserted }
        var results: [Symbol: Result<Ticker, any Error>] = [:]
        if broker.capabilities.contains(.manyTickers), wanted.count > 1 {
            results = await readTogether(wanted)
        }
        let missing = wanted.filter { results[$0] == nil }
        results.merge(await readEach(missing)) { first, _ in first }
        return symbols.map { results[$0] ?? .failure(CancellationError()) }
    }

    private func readTogether(_ symbols: [Symbol]) async -> [Symbol: Result<Ticker, any Error>] {
        do {
            let tickers = try await permits.withPermit { try await broker.tickers(for: symbols) }
            var results: [Symbol: Result<Ticker, any Error>] = [:]
            for ticker in tickers { results[ticker.symbol] = .success(ticker) }
            return results
        } catch let error as BrokerError where error.code == .unsupported {
            return [:]
        } catch {
            return Dictionary(symbols.map { ($0, .failure(error)) }) { first, _ in first }
        }
    }

    private func readEach(_ symbols: [Symbol]) async -> [Symbol: Result<Ticker, any Error>] {
        await withTaskGroup(of: (Symbol, Result<Ticker, any Error>).self) { group in
            for symbol in symbols {
                group.addTask { (symbol, await read(symbol)) }
            }
            var results: [Symbol: Result<Ticker, any Error>] = [:]
            for await (symbol, result) in group { results[symbol] = result }
            return results
        }
    }

    private func read(_ symbol: Symbol) async -> Result<Ticker, any Error> {
        do {
            return .success(try await permits.withPermit { try await broker.ticker(for: symbol) })
        } catch {
            return .failure(error)
        }
    }
}
