internal import SeawallBroker

extension BrokerOperation {
    /// True where the venue asks for the account's key; what every visitor may ask needs none.
    var needsKey: Bool {
        switch self {
        case .ticker, .candles, .depth, .rules, .status, .time, .marketStream: false
        case .place, .amend, .cancel, .cancelMany, .cancelAll, .query, .openOrders, .history, .fills, .balances,
            .positions, .preview, .timer, .fees, .permissions, .limits, .userStream:
            true
        }
    }
}
