/// What the key that the broker signs with may do.
public struct KeyPermissions: Hashable, Codable, Sendable {
    /// May read the account.
    public var canRead: Bool

    /// May trade.
    public var canTrade: Bool

    /// May take money away.
    ///
    /// A trading bot's key should not.
    public var canWithdraw: Bool

    /// Bound to addresses; nil where the venue does not say.
    public var isAddressBound: Bool?

    /// Makes permissions.
    public init(canRead: Bool, canTrade: Bool, canWithdraw: Bool, isAddressBound: Bool? = nil) {
        self.canRead = canRead
        self.canTrade = canTrade
        self.canWithdraw = canWithdraw
        self.isAddressBound = isAddressBound
    }
}
