public import SeawallBroker
public import SeawallTime

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// A broker for unit tests: fixed answers, and a record of every call.
///
/// It knows no market and no time of its own. A placed order works and stays as it is until it is amended or
/// cancelled; nothing fills. Answers are values to set with `update`, errors with `fail`.
public final class DeterministicBroker: Broker {
    /// What the broker answers.
    public struct Answers: Sendable {
        /// The answer to `balances()`.
        ///
        /// Default: 100000 USDT.
        public var balances = [Balance(asset: "USDT", free: 100_000)]

        /// The answer to `positions()`.
        ///
        /// Default: none.
        public var positions: [Position] = []

        /// The best prices by symbol; a symbol without any has bid 99, ask 101 and last 100.
        public var tickers: [Symbol: Ticker] = [:]

        /// The symbols that an answer about many tickers leaves out.
        public var missingTickers: Set<Symbol> = []

        /// The candles of every symbol.
        ///
        /// Default: none.
        public var candles: [Candle] = []

        /// The rules by symbol; a symbol without any has a tick of 0.01, a lot of 0.001 and no minimum value.
        public var rules: [Symbol: InstrumentRules] = [:]

        /// Every order, in the order in which they were placed; set it to begin with some.
        public var orders: [Order] = []

        /// The fills; a cursor is how many were read.
        public var fills: [Fill] = []

        /// The answer to `fees(for:)`.
        ///
        /// Default: 0.0002 and 0.0005.
        public var fees = FeeRates(
            maker: Decimal(sign: .plus, exponent: -4, significand: 2),
            taker: Decimal(sign: .plus, exponent: -4, significand: 5))

        /// The answer to `permissions()`.
        ///
        /// Default: may read and trade.
        public var permissions = KeyPermissions(canRead: true, canTrade: true, canWithdraw: false)

        /// The answer to both `preview` calls.
        ///
        /// Default: no problems.
        public var preview = OrderPreview(id: "preview-1")

        /// The answer to `serverTime()`.
        ///
        /// Default: 2024-01-01T00:00:00Z.
        public var serverTime = CivilInstant(millisecondsSinceEpoch: 1_704_067_200_000)

        /// The answer to `status()`.
        ///
        /// Default: online.
        public var status = VenueStatus(mode: .online)

        /// The answer to `limits()`.
        ///
        /// Default: none.
        public var limits: [LimitUsage] = []
    }

    struct State: Sendable {
        var answers = Answers()
        var errors: [BrokerOperation: any Error] = [:]
        var calls: [BrokerCall] = []
        var placed = 0
        var listeners: [AsyncThrowingStream<UserEvent, any Error>.Continuation] = []
        var watchers: [AsyncThrowingStream<MarketEvent, any Error>.Continuation] = []
    }

    /// What the broker says it has.
    ///
    /// Default: everything that this library knows.
    public let capabilities: Set<BrokerCapability>

    let state: Lock<State>

    /// Makes a broker with the default answers.
    public init(capabilities: Set<BrokerCapability> = DeterministicBroker.everything) {
        self.capabilities = capabilities
        state = Lock(State())
    }

    /// Every capability that this library knows.
    public static let everything: Set<BrokerCapability> = [
        .manyTickers, .candles, .depth, .rules, .history, .queryByClientID, .cancelByClientID, .preview, .previewAmend,
        .amend, .cancelMany, .cancelAll, .deadManTimer, .reduceOnly, .linkedGroups, .quoteQuantity, .fees,
        .permissions, .limits, .status, .serverTime, .marketStream, .userStream,
    ]

    /// What the broker answers now.
    public var answers: Answers { state.withLock { $0.answers } }

    /// Changes answers.
    public func update(_ change: @Sendable (inout Answers) -> Void) {
        state.withLock { change(&$0.answers) }
    }

    /// Lets every later call of the operation throw the error; nil lets them answer again.
    public func fail(_ operation: BrokerOperation, with error: (any Error)?) {
        state.withLock { $0.errors[operation] = error }
    }

    /// Every call so far, also those that threw, oldest first.
    public var calls: [BrokerCall] { state.withLock { $0.calls } }

    /// How many calls of an operation there were.
    public func callCount(of operation: BrokerOperation) -> Int {
        state.withLock { state in state.calls.count { $0.operation == operation } }
    }

    /// Every order that was placed here, oldest first, as it stands.
    public var orders: [Order] { state.withLock { $0.answers.orders } }

    /// Sends an event to everyone who listens to the account's stream.
    public func emit(_ event: UserEvent) {
        for listener in state.withLock({ $0.listeners }) { listener.yield(event) }
    }

    /// Sends an event to everyone who listens to the market, whatever symbols they asked for.
    public func emit(market event: MarketEvent) {
        for watcher in state.withLock({ $0.watchers }) { watcher.yield(event) }
    }

    /// Ends every stream of the market, with an error or without.
    public func endMarketEvents(throwing error: (any Error)? = nil) {
        let watchers = state.withLock { state in
            defer { state.watchers = [] }
            return state.watchers
        }
        for watcher in watchers { watcher.finish(throwing: error) }
    }

    /// Ends every stream of the account, with an error or without.
    public func endUserEvents(throwing error: (any Error)? = nil) {
        let listeners = state.withLock { state in
            defer { state.listeners = [] }
            return state.listeners
        }
        for listener in listeners { listener.finish(throwing: error) }
    }

    /// Records the call, throws what was set for it, or answers.
    func answer<Answer: Sendable>(
        _ call: BrokerCall, _ body: @Sendable (inout State) throws -> Answer
    ) throws -> Answer {
        try state.withLock { state in
            state.calls.append(call)
            if let error = state.errors[call.operation] { throw error }
            return try body(&state)
        }
    }
}
