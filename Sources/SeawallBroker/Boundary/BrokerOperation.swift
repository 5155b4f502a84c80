/// The kinds of call that go to a venue, by the names that profiles, faults, metrics and records use.
public enum BrokerOperation: String, Codable, CodingKeyRepresentable, Sendable, CaseIterable {
    /// Places an order.
    case place
    /// Changes a working order.
    case amend
    /// Cancels one order.
    case cancel
    /// Cancels several orders, with a result for each.
    case cancelMany
    /// Cancels every order of a symbol.
    case cancelAll
    /// Asks for one order.
    case query
    /// Asks for a page of open orders.
    case openOrders
    /// Asks for a page of past orders.
    case history
    /// Asks for fills since a cursor.
    case fills
    /// Asks for balances.
    case balances
    /// Asks for positions.
    case positions
    /// Asks for best prices, of one symbol or of many.
    case ticker
    /// Asks for candles.
    case candles
    /// Asks for the book.
    case depth
    /// Asks what an order or an amend would do.
    case preview
    /// Asks for instrument rules.
    case rules
    /// Asks what the venue takes.
    case status
    /// Asks for the venue's time.
    case time
    /// Sets the dead-man timer.
    case timer
    /// Asks for fee rates.
    case fees
    /// Asks what the key may do.
    case permissions
    /// Asks how much of the limits is used.
    case limits
    /// Opens the market stream.
    case marketStream
    /// Opens the account's stream.
    case userStream

    /// What a failure without an answer leaves open: whether anything may have changed at the venue.
    public var changesOrders: Bool {
        switch self {
        case .place, .amend, .cancel, .cancelMany, .cancelAll, .timer: true
        case .query, .openOrders, .history, .fills, .balances, .positions, .ticker, .candles, .depth, .preview, .rules,
            .status, .time, .fees, .permissions, .limits, .marketStream, .userStream:
            false
        }
    }
}
