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

    /// The answer as the type that a call wants, or nil where it is another.
    func value<Answer>(as type: Answer.Type) -> Answer? {
        switch self {
        case .balances(let value): value as? Answer
        case .positions(let value): value as? Answer
        case .ticker(let value): value as? Answer
        case .tickers(let value): value as? Answer
        case .order(let value): value as? Answer
        case .orders(let value): value as? Answer
        case .fills(let value): value as? Answer
        case .status(let value): value as? Answer
        }
    }
}
