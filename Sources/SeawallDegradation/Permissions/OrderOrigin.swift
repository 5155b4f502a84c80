public import SeawallBroker

/// Whose order it is, and for what: everything that the scope of a cause may ask about.
public struct OrderOrigin: Hashable, Sendable {
    /// What the order trades; nil for what is about no symbol.
    public var symbol: Symbol?

    /// The strategy that the order belongs to.
    public var strategy: StrategyID?

    /// The account that the order is for; nil is the key's own.
    public var account: AccountID?

    /// Makes an origin; what is left out is only reached by wider scopes.
    public init(symbol: Symbol? = nil, strategy: StrategyID? = nil, account: AccountID? = nil) {
        self.symbol = symbol
        self.strategy = strategy
        self.account = account
    }
}
