public import SeawallBroker

/// One step of one order through its states.
public struct LedgerChange: Hashable, Sendable {
    /// The bot's name for the order.
    public var intent: IntentID

    /// Our side's name, fixed for the intent.
    public var clientID: ClientOrderID

    /// The venue's name, once it is known.
    public var venueID: VenueOrderID?

    /// What the order trades.
    public var symbol: Symbol

    /// The state it moved to.
    public var state: OrderStatus
}
