public import SeawallTime

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// An order as the venue, or the ledger, knows it.
public struct Order: Hashable, Codable, Sendable {
    /// The venue's name of the order, once it has one.
    public var venueID: VenueOrderID?

    /// Our side's name of the order.
    public var clientID: ClientOrderID?

    /// The bot's intent behind it, where it is known.
    public var intent: IntentID?

    /// What it trades.
    public var symbol: Symbol

    /// Which way.
    public var side: Side

    /// Its whole quantity in base.
    public var quantity: Decimal

    /// How much of it is filled, in base.
    public var filled: Decimal

    /// How it finds its price.
    public var type: OrderType

    /// What has become of it.
    public var status: OrderStatus

    /// The average price of what is filled, where something is.
    public var averagePrice: Decimal?

    /// True where the venue itself keeps the order from doing more than reduce.
    public var isReduceOnly: Bool

    /// The group of linked orders it belongs to.
    public var group: LinkID?

    /// When the venue last changed it, on the venue's clock.
    public var updatedAt: CivilInstant?

    /// Makes an order; what is left out is unknown, empty or false.
    public init(
        venueID: VenueOrderID? = nil, clientID: ClientOrderID? = nil, intent: IntentID? = nil, symbol: Symbol,
        side: Side, quantity: Decimal, filled: Decimal = 0, type: OrderType, status: OrderStatus,
        averagePrice: Decimal? = nil, isReduceOnly: Bool = false, group: LinkID? = nil, updatedAt: CivilInstant? = nil
    ) {
        self.venueID = venueID
        self.clientID = clientID
        self.intent = intent
        self.symbol = symbol
        self.side = side
        self.quantity = quantity
        self.filled = filled
        self.type = type
        self.status = status
        self.averagePrice = averagePrice
        self.isReduceOnly = isReduceOnly
        self.group = group
        self.updatedAt = updatedAt
    }

    /// What is not filled yet, in base; never below zero.
    public var remaining: Decimal { max(0, quantity - filled) }
}
