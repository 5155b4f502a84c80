extension BrokerOperation {
    /// The capabilities of which the operation needs one; none for what every venue has.
    private var capabilities: Set<BrokerCapability> {
        switch self {
        case .place, .cancel, .query, .openOrders, .fills, .balances, .positions, .ticker: []
        case .amend: [.amend]
        case .cancelMany: [.cancelMany]
        case .cancelAll: [.cancelAll]
        case .history: [.history]
        case .candles: [.candles]
        case .depth: [.depth]
        case .preview: [.preview, .previewAmend]
        case .rules: [.rules]
        case .status: [.status]
        case .time: [.serverTime]
        case .timer: [.deadManTimer]
        case .fees: [.fees]
        case .permissions: [.permissions]
        case .limits: [.limits]
        case .marketStream: [.marketStream]
        case .userStream: [.userStream]
        }
    }

    /// True where a venue with these capabilities has the operation.
    package func isServed(with available: Set<BrokerCapability>) -> Bool {
        capabilities.isEmpty || !capabilities.isDisjoint(with: available)
    }
}
