public import SeawallBroker
public import SeawallTime

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// One change of the truth at a simulated venue, for those who judge a run without trusting the library.
public struct VenueEvent: Hashable, Sendable {
    /// What happened.
    public enum Kind: String, Codable, Sendable, CaseIterable {
        /// A request reached the venue; said of every request, before anything that comes of it.
        case arrived
        /// An order was taken.
        case accepted
        /// An order was refused.
        case rejected
        /// An order traded, in part or to the end.
        case filled
        /// An order was ended by a cancel: of the account, of the dead-man timer, or of a linked order.
        case cancelled
        /// An order was ended by time, by what it asked for, or because it had nothing left to reduce.
        case expired
        /// A working order was changed.
        case amended
        /// An order came again with a client id that was taken; nothing new was made.
        case duplicate
        /// An order took the place of another in one step.
        case replaced
        /// A request was refused for a rate limit.
        case limited
        /// A request was refused for a ban.
        case banned
        /// An order that is not of this account's bot was taken or traded.
        case foreign
        /// A stream was opened; what the venue says goes there from here on.
        case connected
        /// A stream has ended, or whoever listened has gone.
        case disconnected
    }

    /// What happened.
    public var kind: Kind

    /// When, on the clock of the run.
    public var time: MonotonicInstant

    /// The request behind it (`VenueRequest.id`); nil where time or price made it happen.
    public var request: String?

    /// The kind of request, where a request is behind it.
    public var operation: BrokerOperation?

    /// The venue's name of the order.
    public var orderID: VenueOrderID?

    /// Our side's name of the order.
    public var clientID: ClientOrderID?

    /// What is traded.
    public var symbol: Symbol?

    /// Which way.
    public var side: Side?

    /// The order's whole quantity, in base.
    public var quantity: Decimal?

    /// What of it is not filled, in base.
    public var remaining: Decimal?

    /// The price of the trade where there was one, else the order's limit price or trigger where it has one.
    public var price: Decimal?

    /// How much this trade was, in base.
    public var filled: Decimal?

    /// What the trade cost.
    public var fee: Decimal?

    /// What the fee is counted in.
    public var feeAsset: Asset?

    /// The order that this one takes the place of.
    public var replaces: ClientOrderID?

    /// The account's signed position in the symbol, after.
    public var position: Decimal?

    /// The scope of a limit or a ban.
    public var limitScope: LimitScope?

    /// When a limit or a ban ends.
    public var until: MonotonicInstant?

    /// The venue's code and words where it refused.
    public var reason: String?

    /// Makes an event; what is left out does not apply.
    public init(
        _ kind: Kind, time: MonotonicInstant, request: String? = nil, operation: BrokerOperation? = nil,
        orderID: VenueOrderID? = nil, clientID: ClientOrderID? = nil, symbol: Symbol? = nil, side: Side? = nil,
        quantity: Decimal? = nil, remaining: Decimal? = nil, price: Decimal? = nil, filled: Decimal? = nil,
        fee: Decimal? = nil, feeAsset: Asset? = nil, replaces: ClientOrderID? = nil, position: Decimal? = nil,
        limitScope: LimitScope? = nil, until: MonotonicInstant? = nil, reason: String? = nil
    ) {
        self.kind = kind
        self.time = time
        self.request = request
        self.operation = operation
        self.orderID = orderID
        self.clientID = clientID
        self.symbol = symbol
        self.side = side
        self.quantity = quantity
        self.remaining = remaining
        self.price = price
        self.filled = filled
        self.fee = fee
        self.feeAsset = feeAsset
        self.replaces = replaces
        self.position = position
        self.limitScope = limitScope
        self.until = until
        self.reason = reason
    }
}
