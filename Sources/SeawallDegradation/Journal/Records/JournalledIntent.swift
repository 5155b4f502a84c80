package import SeawallBroker

/// An intent as the journal keeps it: what was prepared, and what is proven of its order.
package struct JournalledIntent: Hashable, Sendable {
    /// The request with its ids, as it was fixed.
    package var request: OrderRequest

    /// The bot's name for it.
    package var intent: IntentID

    /// The one client order id that every attempt carries.
    package var clientID: ClientOrderID

    /// When it was prepared.
    package var moment: JournalMoment

    /// The order as it was last written down; nil where nothing is proven of it.
    package var order: Order?

    package init(
        request: OrderRequest, intent: IntentID, clientID: ClientOrderID, moment: JournalMoment, order: Order? = nil
    ) {
        self.request = request
        self.intent = intent
        self.clientID = clientID
        self.moment = moment
        self.order = order
    }

    /// True where nothing can happen to its order any more.
    package var hasEnded: Bool { order?.status.isTerminal == true }
}
