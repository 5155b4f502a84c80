internal import SeawallBroker

/// An event of a stream, as faults see it.
protocol FaultableEvent: Sendable {
    /// The operation that opens its stream.
    static var stream: BrokerOperation { get }
    /// Its numbers in the stream, where it has some.
    var sequence: EventSequence? { get set }
    /// What it is about; nil for a sign of life.
    var symbol: Symbol? { get }
    /// What it says something about; a later event of the same subject takes its place.
    var subject: String? { get }
    /// The order that it tells of, where there is one.
    var order: (client: ClientOrderID?, venue: VenueOrderID?)? { get }
    /// True for a fill.
    var isFill: Bool { get }
    /// True where it is part of the channel.
    func isPart(of channel: FaultChannel) -> Bool
}

extension UserEvent: FaultableEvent {
    static var stream: BrokerOperation { .userStream }

    var sequence: EventSequence? {
        get {
            switch self {
            case .order(_, let sequence), .fill(_, let sequence), .heartbeat(let sequence): sequence
            }
        }
        set {
            switch self {
            case .order(let order, _): self = .order(order, sequence: newValue)
            case .fill(let fill, _): self = .fill(fill, sequence: newValue)
            case .heartbeat: self = .heartbeat(sequence: newValue)
            }
        }
    }

    var symbol: Symbol? {
        switch self {
        case .order(let order, _): order.symbol
        case .fill(let fill, _): fill.symbol
        case .heartbeat: nil
        }
    }

    var subject: String? {
        switch self {
        case .order(let order, _): "order \(order.venueID?.rawValue ?? order.clientID?.rawValue ?? "")"
        case .fill(let fill, _): "fills of \(fill.venueID)"
        case .heartbeat: nil
        }
    }

    var order: (client: ClientOrderID?, venue: VenueOrderID?)? {
        switch self {
        case .order(let order, _): (order.clientID, order.venueID)
        case .fill(let fill, _): (fill.clientID, fill.venueID)
        case .heartbeat: nil
        }
    }

    var isFill: Bool { if case .fill = self { true } else { false } }

    func isPart(of channel: FaultChannel) -> Bool {
        switch (channel, self) {
        case (.heartbeats, .heartbeat), (.orders, .order), (.fills, .fill), (.content, .order), (.content, .fill): true
        case (.symbol(let symbol), _): symbol == self.symbol
        case (.heartbeats, _), (.orders, _), (.fills, _), (.content, _), (.tickers, _): false
        }
    }
}

extension MarketEvent: FaultableEvent {
    static var stream: BrokerOperation { .marketStream }

    var sequence: EventSequence? {
        get {
            switch self {
            case .ticker(_, let sequence), .heartbeat(let sequence): sequence
            }
        }
        set {
            switch self {
            case .ticker(let ticker, _): self = .ticker(ticker, sequence: newValue)
            case .heartbeat: self = .heartbeat(sequence: newValue)
            }
        }
    }

    var symbol: Symbol? {
        switch self {
        case .ticker(let ticker, _): ticker.symbol
        case .heartbeat: nil
        }
    }

    var subject: String? { symbol?.rawValue }

    var order: (client: ClientOrderID?, venue: VenueOrderID?)? { nil }

    var isFill: Bool { false }

    func isPart(of channel: FaultChannel) -> Bool {
        switch (channel, self) {
        case (.heartbeats, .heartbeat), (.tickers, .ticker), (.content, .ticker): true
        case (.symbol(let symbol), _): symbol == self.symbol
        case (.heartbeats, _), (.orders, _), (.fills, _), (.content, _), (.tickers, _): false
        }
    }
}
