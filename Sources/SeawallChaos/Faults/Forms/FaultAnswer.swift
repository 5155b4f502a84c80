public import SeawallBroker

/// An answer as data, given in place of the venue's where the call has an answer of that type.
public enum FaultAnswer: Hashable, Codable, Sendable {
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

/// The value where it is of the very type asked for; an empty array of one type would else pass for one of another.
private func exactly<Value, Answer>(_ value: Value, as type: Answer.Type) -> Answer? {
    Value.self == type ? value as? Answer : nil
}
