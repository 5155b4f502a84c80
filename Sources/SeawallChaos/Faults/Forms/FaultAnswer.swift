public import SeawallBroker
internal import SeawallTime

/// An answer as data, given in place of the venue's where the call has an answer of that type.
public enum FaultAnswer: Hashable, Sendable {
    /// For balances.
    case balances([Balance])
    /// For positions.
    case positions([Position])
    /// For the best prices of one symbol.
    case ticker(Ticker)
    /// For the best prices of many symbols.
    case tickers([Ticker])
    /// For a place, an amend, a cancel or a query.
    case order(Order)
    /// For open orders and history.
    case orders(OrderPage)
    /// For fills.
    case fills(FillPage)
    /// For what the venue takes.
    case status(VenueStatus)
    /// For how much of the limits is used.
    case limits([LimitUsage])

    /// Which answer it is, as JSON names it.
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case balances, positions, ticker, tickers, order, orders, fills, status, limits
    }

    /// The operations whose answer it can be.
    var operations: Set<BrokerOperation> {
        switch self {
        case .balances: [.balances]
        case .positions: [.positions]
        case .ticker, .tickers: [.ticker]
        case .order: [.place, .amend, .cancel, .query]
        case .orders: [.openOrders, .history]
        case .fills: [.fills]
        case .status: [.status]
        case .limits: [.limits]
        }
    }

    /// The answer as the type that a call wants, or nil where it is another.
    func value<Answer>(as type: Answer.Type) -> Answer? {
        switch self {
        case .balances(let value): exactly(value, as: type)
        case .positions(let value): exactly(value, as: type)
        case .ticker(let value): exactly(value, as: type)
        case .tickers(let value): exactly(value, as: type)
        case .order(let value): exactly(value, as: type)
        case .orders(let value): exactly(value, as: type)
        case .fills(let value): exactly(value, as: type)
        case .status(let value): exactly(value, as: type)
        case .limits(let value): exactly(value, as: type)
        }
    }
}

extension FaultAnswer: Codable {
    private enum ValueKeys: String, CodingKey, CaseIterable {
        case value = "_0"
    }

    /// Reads `{"ticker": {"_0": …}}` and the like: one answer, and no other key, inside it neither.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.strictContainer(keyedBy: CodingKeys.self)
        guard let key = fields.allKeys.first, fields.allKeys.count == 1 else {
            let known = CodingKeys.allCases.map(\.stringValue).joined(separator: ", ")
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "\(fields.allKeys.count) answers, expected one of \(known)"))
        }
        let inner = try fields.superDecoder(forKey: key).strictContainer(keyedBy: ValueKeys.self)
        func read<Value: Codable>(_ type: Value.Type) throws -> Value {
            try inner.decode(StrictValue<Value>.self, forKey: .value).value
        }
        self =
            switch key {
            case .balances: .balances(try read([Balance].self))
            case .positions: .positions(try read([Position].self))
            case .ticker: .ticker(try read(Ticker.self))
            case .tickers: .tickers(try read([Ticker].self))
            case .order: .order(try read(Order.self))
            case .orders: .orders(try read(OrderPage.self))
            case .fills: .fills(try read(FillPage.self))
            case .status: .status(try read(VenueStatus.self))
            case .limits: .limits(try read([LimitUsage].self))
            }
    }

    /// Writes `{"ticker": {"_0": …}}` and the like.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        func write(_ value: some Encodable, _ key: CodingKeys) throws {
            var inner = fields.nestedContainer(keyedBy: ValueKeys.self, forKey: key)
            try inner.encode(value, forKey: .value)
        }
        switch self {
        case .balances(let value): try write(value, .balances)
        case .positions(let value): try write(value, .positions)
        case .ticker(let value): try write(value, .ticker)
        case .tickers(let value): try write(value, .tickers)
        case .order(let value): try write(value, .order)
        case .orders(let value): try write(value, .orders)
        case .fills(let value): try write(value, .fills)
        case .status(let value): try write(value, .status)
        case .limits(let value): try write(value, .limits)
        }
    }
}

/// The value where it is of the very type asked for; an empty array of one type would else pass for one of another.
private func exactly<Value, Answer>(_ value: Value, as type: Answer.Type) -> Answer? {
    Value.self == type ? value as? Answer : nil
}
