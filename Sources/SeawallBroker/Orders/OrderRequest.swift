/// One order that a bot wants: the intent, in the words of the order vocabulary.
public struct OrderRequest: Hashable, Codable, Sendable {
    /// The bot's own name for the intent.
    ///
    /// Placing the same intent again never makes a second order. Nil lets the guarded broker make one, and then only
    /// that one call is protected.
    public var intent: IntentID?

    /// The client order id, fixed once for the intent.
    ///
    /// Nil lets the guarded broker derive it from the intent.
    public var clientID: ClientOrderID?

    /// What to trade.
    public var symbol: Symbol

    /// Which way.
    public var side: Side

    /// How much.
    public var quantity: OrderQuantity

    /// How the price is found.
    public var type: OrderType

    /// How long the order stays.
    ///
    /// Default: until cancelled.
    public var timeInForce: TimeInForce

    /// True where the order must not take liquidity: the venue rejects it if it would.
    public var isPostOnly: Bool

    /// True where the bot means to reduce a position.
    ///
    /// A claim that is checked, never believed.
    public var isReduceOnly: Bool

    /// The group of linked orders that this one belongs to.
    public var group: LinkID?

    /// The order that this one takes the place of.
    public var replaces: ClientOrderID?

    /// The strategy that the order belongs to.
    public var strategy: StrategyID?

    /// The account that the order is for; nil means the key's own.
    public var account: AccountID?

    /// How long after the call the order may still be sent.
    ///
    /// Later it is dropped, never sent late. Nil: the default.
    public var sendWithin: Duration?

    /// Makes a request; what is left out has the default that the property names.
    public init(
        intent: IntentID? = nil,
        symbol: Symbol,
        side: Side,
        quantity: OrderQuantity,
        type: OrderType,
        timeInForce: TimeInForce = .goodTillCancelled,
        isPostOnly: Bool = false,
        isReduceOnly: Bool = false,
        group: LinkID? = nil,
        replaces: ClientOrderID? = nil,
        strategy: StrategyID? = nil,
        account: AccountID? = nil,
        clientID: ClientOrderID? = nil,
        sendWithin: Duration? = nil
    ) {
        self.intent = intent
        self.clientID = clientID
        self.symbol = symbol
        self.side = side
        self.quantity = quantity
        self.type = type
        self.timeInForce = timeInForce
        self.isPostOnly = isPostOnly
        self.isReduceOnly = isReduceOnly
        self.group = group
        self.replaces = replaces
        self.strategy = strategy
        self.account = account
        self.sendWithin = sendWithin
    }
}
