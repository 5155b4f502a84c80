import SeawallBroker
import SeawallRateLimit
import SeawallTime
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A broker that knows tickers alone, and how many of its calls go on at once.
private final class TickerBroker: Broker {
    struct State: Sendable {
        var together: [[Symbol]] = []
        var single: [Symbol] = []
        var inFlight = 0
        var mostInFlight = 0
    }

    let capabilities: Set<BrokerCapability>
    let missing: Set<Symbol>
    let batchError: BrokerError?
    let unreadable: Set<Symbol>
    let time: ManualTime?
    let state = Lock(State())

    init(
        capabilities: Set<BrokerCapability> = [], missing: Set<Symbol> = [], batchError: BrokerError? = nil,
        unreadable: Set<Symbol> = [], time: ManualTime? = nil
    ) {
        self.capabilities = capabilities
        self.missing = missing
        self.batchError = batchError
        self.unreadable = unreadable
        self.time = time
    }

    func ticker(for symbol: Symbol) async throws -> Ticker {
        state.withLock { state in
            state.single.append(symbol)
            state.inFlight += 1
            state.mostInFlight = max(state.mostInFlight, state.inFlight)
        }
        defer { state.withLock { $0.inFlight -= 1 } }
        try await time?.sleep(for: .seconds(1))
        if unreadable.contains(symbol) {
            throw BrokerError(code: .timeout, message: "no answer for \(symbol)", delivery: .maybeSent)
        }
        return price(of: symbol)
    }

    func tickers(for symbols: [Symbol]) async throws -> [Ticker] {
        state.withLock { $0.together.append(symbols) }
        if let batchError { throw batchError }
        return (symbols.filter { !missing.contains($0) } + ["NOT-ASKED"]).reversed().map(price)
    }

    func balances() async throws -> [Balance] { [] }
    func positions() async throws -> [Position] { [] }
    func openOrders(for symbol: Symbol?, page: PageCursor?) async throws -> OrderPage { OrderPage(orders: []) }
    func order(_ target: OrderTarget, symbol: Symbol) async throws -> Order { throw BrokerError.lacks("order") }
    func fills(since cursor: FillCursor?, symbol: Symbol?) async throws -> FillPage { FillPage(fills: [], cursor: nil) }
    func place(_ order: OrderRequest) async throws -> Order { throw BrokerError.lacks("place") }
    func cancel(_ target: OrderTarget, symbol: Symbol) async throws -> Order { throw BrokerError.lacks("cancel") }

    private func price(of symbol: Symbol) -> Ticker { Ticker(symbol: symbol, bid: 1, ask: 2, last: 1, time: nil) }
}

@Suite struct TickerReaderTests {
    private let symbols: [Symbol] = ["A", "B", "C", "D", "E", "F", "G"]

    @Test func oneCallServesManyWhereTheVenueHasIt() async throws {
        let broker = TickerBroker(capabilities: [.manyTickers])
        let tickers = try await TickerReader(broker: broker).tickers(for: symbols)
        #expect(tickers.map(\.symbol) == symbols)
        #expect(broker.state.withLock { $0.together } == [symbols])
        #expect(broker.state.withLock { $0.single } == [])
    }

    @Test func aSymbolThatTheAnswerLeavesOutGetsACallOfItsOwn() async throws {
        let broker = TickerBroker(capabilities: [.manyTickers], missing: ["B", "F"])
        let tickers = try await TickerReader(broker: broker).tickers(for: symbols)
        #expect(tickers.map(\.symbol) == symbols)
        #expect(Set(broker.state.withLock { $0.single }) == ["B", "F"])
    }

    @Test func withoutTheCapabilityItFansOutAndTheKnobHolds() async throws {
        let time = ManualTime()
        let broker = TickerBroker(time: time)
        let permits = try ConcurrencyLimiter(limit: 3)
        let reader = TickerReader(broker: broker, permits: permits)
        async let tickers = reader.tickers(for: symbols)
        for wave in [3, 3, 1] {
            await time.waitForSleepers(wave)
            #expect(broker.state.withLock { $0.inFlight } == wave)
            time.advance(by: .seconds(1))
        }
        #expect(try await tickers.map(\.symbol) == symbols)
        #expect(broker.state.withLock { $0.mostInFlight } == 3)
        #expect(broker.state.withLock { $0.together } == [])
        #expect(permits.inUse == 0)
    }

    @Test func theKnobIsFiveUnlessSaid() async throws {
        let time = ManualTime()
        let broker = TickerBroker(time: time)
        let reader = try TickerReader(broker: broker)
        async let tickers = reader.tickers(for: symbols)
        await time.waitForSleepers(5)
        #expect(broker.state.withLock { $0.inFlight } == 5)
        time.advance(by: .seconds(1))
        await time.waitForSleepers(2)
        time.advance(by: .seconds(1))
        #expect(try await tickers.count == 7)
        #expect(broker.state.withLock { $0.mostInFlight } == 5)
        #expect(throws: RateLimitError.self) { try TickerReader(broker: broker, limit: 0) }
    }

    @Test func aFailedBatchIsNotFollowedByACallForEach() async throws {
        let error = BrokerError(code: .timeout, message: "no answer", delivery: .maybeSent)
        let broker = TickerBroker(capabilities: [.manyTickers], batchError: error)
        let reader = try TickerReader(broker: broker)
        await #expect(throws: BrokerError.self) { try await reader.tickers(for: symbols) }
        #expect(broker.state.withLock { $0.single } == [])
    }

    @Test func aVenueThatLacksItAfterAllIsAskedOneByOne() async throws {
        let broker = TickerBroker(capabilities: [.manyTickers], batchError: .lacks(.manyTickers))
        let tickers = try await TickerReader(broker: broker).tickers(for: ["A", "B"])
        #expect(tickers.map(\.symbol) == ["A", "B"])
    }

    @Test func oneSymbolThatFailsLeavesTheOthers() async throws {
        let broker = TickerBroker(unreadable: ["B"])
        let reader = try TickerReader(broker: broker)
        let results = await reader.results(for: ["A", "B", "A", "C"])
        #expect(results.map { (try? $0.get())?.symbol } == ["A", nil, "A", "C"])
        #expect(broker.state.withLock { $0.single }.count == 3)
        let error = await #expect(throws: BrokerError.self) { try await reader.tickers(for: ["A", "B", "C"]) }
        #expect(error?.message == "no answer for B")
    }

    @Test func nothingAskedIsNoCall() async throws {
        let broker = TickerBroker(capabilities: [.manyTickers])
        #expect(try await TickerReader(broker: broker).tickers(for: []) == [])
        #expect(broker.state.withLock { $0.together.isEmpty && $0.single.isEmpty })
    }
}
