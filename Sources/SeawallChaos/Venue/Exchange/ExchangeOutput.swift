internal import SeawallBroker
internal import SeawallTime

/// What the exchange has to tell, in the order in which it became true.
enum ExchangeOutput: Sendable {
    /// For the judge.
    case truth(VenueEvent)
    /// For streams of the account: an order as it is now.
    case order(Order, at: MonotonicInstant)
    /// For streams of the account: a trade.
    case fill(Fill, at: MonotonicInstant)
    /// For streams of the market.
    case ticker(Ticker, at: MonotonicInstant)
}
