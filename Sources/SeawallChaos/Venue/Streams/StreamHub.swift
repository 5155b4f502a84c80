internal import SeawallBroker
internal import SeawallTime

/// Who listens to a simulated venue's streams, and what is on its way to them.
struct StreamHub: Sendable {
    typealias MarketStream = AsyncThrowingStream<MarketEvent, any Error>.Continuation
    typealias UserStream = AsyncThrowingStream<UserEvent, any Error>.Continuation

    /// What a listener hears with.
    fileprivate enum Ear: Sendable {
        case market(Set<Symbol>, MarketStream)
        case user(UserStream)
    }

    /// What is on its way.
    fileprivate enum Content: Sendable {
        case heartbeat
        case ticker(Ticker)
        case order(Order)
        case fill(Fill)
    }

    /// A connection, as whoever records the run knows it.
    struct Connection: Sendable {
        var operation: BrokerOperation
        /// The name of the request that opened it.
        var request: String?
    }

    fileprivate struct Listener: Sendable {
        let id: Int
        let ear: Ear
        let request: String?
        var nextHeartbeat: MonotonicInstant
        var numbers: StreamNumbers
        var underway: [(at: MonotonicInstant, content: Content)] = []
    }

    /// Something to hand to a consumer, outside every lock.
    enum Delivery: Sendable {
        case market(MarketStream, MarketEvent)
        case user(UserStream, UserEvent)
        case endMarket(MarketStream, BrokerError?)
        case endUser(UserStream, BrokerError?)

        func deliver() {
            switch self {
            case .market(let stream, let event): stream.yield(event)
            case .user(let stream, let event): stream.yield(event)
            case .endMarket(let stream, let error): stream.finish(throwing: error)
            case .endUser(let stream, let error): stream.finish(throwing: error)
            }
        }
    }

    private let heartbeat: Duration
    private let rule: SequenceRule
    /// The highest number that any connection was given.
    private var newest: Int64 = 0
    private var listeners: [Listener] = []
    private var lastID = 0

    init(heartbeat: Duration, sequence: SequenceRule = .contiguous) {
        self.heartbeat = heartbeat
        rule = sequence
    }

    var hasUserListeners: Bool {
        listeners.contains { if case .user = $0.ear { true } else { false } }
    }

    /// How many listeners want each symbol.
    func watchers(of symbol: Symbol) -> Int {
        listeners.count { if case .market(let symbols, _) = $0.ear { symbols.contains(symbol) } else { false } }
    }

    /// When there is something to do for a listener.
    var nextInstant: MonotonicInstant? {
        listeners.map { min($0.nextHeartbeat, $0.underway.first?.at ?? $0.nextHeartbeat) }.min()
    }

    /// A name for a listener, given before it listens so that its end can name it.
    mutating func issueID() -> Int {
        lastID += 1
        return lastID
    }

    mutating func add(
        _ id: Int, _ stream: MarketStream, symbols: Set<Symbol>, request: String? = nil, now: MonotonicInstant
    ) {
        add(id, .market(symbols, stream), request, now: now)
    }

    mutating func add(_ id: Int, _ stream: UserStream, request: String? = nil, now: MonotonicInstant) {
        add(id, .user(stream), request, now: now)
    }

    /// Forgets a listener; nil where it was not there.
    mutating func remove(_ id: Int) -> Connection? {
        guard let index = listeners.firstIndex(where: { $0.id == id }) else { return nil }
        return listeners.remove(at: index).connection
    }

    /// Sends what the exchange said on its way, to arrive after `latency` and never before what was said earlier.
    mutating func send(_ output: ExchangeOutput, latency: Duration) {
        for index in listeners.indices {
            switch (output, listeners[index].ear) {
            case (.ticker(let ticker, let at), .market(let symbols, _)) where symbols.contains(ticker.symbol):
                listeners[index].send(.ticker(ticker), at: at.advanced(by: latency))
            case (.order(let order, let at), .user):
                listeners[index].send(.order(order), at: at.advanced(by: latency))
            case (.fill(let fill, let at), .user):
                listeners[index].send(.fill(fill), at: at.advanced(by: latency))
            default:
                continue
            }
        }
    }

    /// Sends the first price of a symbol to one listener.
    mutating func greet(_ id: Int, _ ticker: Ticker, at instant: MonotonicInstant) {
        for index in listeners.indices where listeners[index].id == id {
            listeners[index].send(.ticker(ticker), at: instant)
        }
    }

    /// What has arrived by `now`, numbered, in order.
    mutating func arrivals(by now: MonotonicInstant) -> [Delivery] {
        var arrived: [Delivery] = []
        for index in listeners.indices {
            listeners[index].collect(by: now, heartbeat: heartbeat, into: &arrived)
            newest = max(newest, listeners[index].numbers.last)
        }
        return arrived
    }

    /// Lets everything that is on its way to streams of the account arrive at once.
    mutating func hurry(to now: MonotonicInstant) {
        for index in listeners.indices {
            guard case .user = listeners[index].ear else { continue }
            for event in listeners[index].underway.indices {
                listeners[index].underway[event].at = min(listeners[index].underway[event].at, now)
            }
        }
    }

    /// Ends every stream, or those of the account alone.
    mutating func end(with error: BrokerError?, ofAccountOnly: Bool = false) -> [(Connection, Delivery)] {
        let ended = listeners.filter { listener in
            if case .market = listener.ear { !ofAccountOnly } else { true }
        }
        listeners.removeAll { listener in ended.contains { $0.id == listener.id } }
        return ended.map { listener in
            switch listener.ear {
            case .market(_, let stream): (listener.connection, .endMarket(stream, error))
            case .user(let stream): (listener.connection, .endUser(stream, error))
            }
        }
    }

    private mutating func add(_ id: Int, _ ear: Ear, _ request: String?, now: MonotonicInstant) {
        listeners.append(
            Listener(
                id: id, ear: ear, request: request, nextHeartbeat: now.advanced(by: heartbeat),
                numbers: StreamNumbers(rule, after: newest)))
    }
}

extension StreamHub.Listener {
    var connection: StreamHub.Connection {
        let operation =
            switch ear {
            case .market: BrokerOperation.marketStream
            case .user: BrokerOperation.userStream
            }
        return StreamHub.Connection(operation: operation, request: request)
    }

    mutating func send(_ content: StreamHub.Content, at instant: MonotonicInstant) {
        underway.append((max(instant, underway.last?.at ?? instant), content))
    }

    /// Hands over what is due, heartbeats among it by their time.
    mutating func collect(by now: MonotonicInstant, heartbeat: Duration, into arrived: inout [StreamHub.Delivery]) {
        let due = underway.prefix { $0.at <= now }
        for (at, content) in due {
            beat(before: at, heartbeat: heartbeat, into: &arrived)
            hand(content, into: &arrived)
        }
        underway.removeFirst(due.count)
        beat(before: now.advanced(by: .nanoseconds(1)), heartbeat: heartbeat, into: &arrived)
    }

    private mutating func beat(
        before instant: MonotonicInstant, heartbeat: Duration, into arrived: inout [StreamHub.Delivery]
    ) {
        while nextHeartbeat < instant {
            nextHeartbeat = nextHeartbeat.advanced(by: heartbeat)
            hand(.heartbeat, into: &arrived)
        }
    }

    private mutating func hand(_ content: StreamHub.Content, into arrived: inout [StreamHub.Delivery]) {
        switch (ear, content) {
        case (.market(_, let stream), .heartbeat):
            arrived.append(.market(stream, .heartbeat(sequence: numbers.next(isSignOfLife: true))))
        case (.market(_, let stream), .ticker(let ticker)):
            arrived.append(.market(stream, .ticker(ticker, sequence: numbers.next(isSignOfLife: false))))
        case (.user(let stream), .heartbeat):
            arrived.append(.user(stream, .heartbeat(sequence: numbers.next(isSignOfLife: true))))
        case (.user(let stream), .order(let order)):
            arrived.append(.user(stream, .order(order, sequence: numbers.next(isSignOfLife: false))))
        case (.user(let stream), .fill(let fill)):
            arrived.append(.user(stream, .fill(fill, sequence: numbers.next(isSignOfLife: false))))
        case (.market, .order), (.market, .fill), (.user, .ticker): return
        }
    }
}
