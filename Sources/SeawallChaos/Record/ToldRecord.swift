public import SeawallBroker

/// The bot's side is told for the first time by which id the venue knows an order.
///
/// Written at venues that cancel by their own ids alone: before that no cancel of the order can be sent.
public struct ToldRecord: Sendable {
    /// The request whose answer told it; nil on a stream.
    public var request: String?

    /// The venue's id.
    public var orderID: VenueOrderID

    /// The client order id.
    public var clientID: ClientOrderID
}
