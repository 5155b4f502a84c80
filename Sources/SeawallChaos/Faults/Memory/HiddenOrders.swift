internal import SeawallBroker
internal import SeawallTime

/// Orders that lists, queries and streams keep quiet about for a time.
struct HiddenOrders: Sendable {
    /// One order by the names it is known by.
    private struct Hidden: Sendable {
        var client: ClientOrderID?
        var venue: VenueOrderID?
        var until: MonotonicInstant
        var isOnStreams: Bool

        func isMeant(client: ClientOrderID?, venue: VenueOrderID?) -> Bool {
            if let known = self.client, known == client { return true }
            if let known = self.venue, known == venue { return true }
            return false
        }
    }

    private var hidden: [Hidden] = []
    private var newest: (client: ClientOrderID?, venue: VenueOrderID?)?
    /// Hidden again and again, an order would stay away for longer than any venue's profile allows for.
    private var hasHiddenNewest = false

    /// True where there is an order to hide without naming one.
    var knowsNewest: Bool { newest != nil }

    /// Notes an order that is being placed.
    mutating func placing(_ order: OrderRequest) {
        guard let client = order.clientID else { return }
        if newest?.client != client { hasHiddenNewest = false }
        newest = (client, nil)
    }

    /// Notes an order that was placed, by both of its names.
    mutating func placed(_ order: Order) {
        if newest?.client != order.clientID { hasHiddenNewest = false }
        newest = (order.clientID, order.venueID)
        for index in hidden.indices where hidden[index].venue == nil && hidden[index].client == order.clientID {
            hidden[index].venue = order.venueID
        }
    }

    /// Hides the order of that client id, or the newest, which is hidden once.
    mutating func hide(_ client: ClientOrderID?, until: MonotonicInstant, onStreams: Bool) {
        guard let names = client.map({ ($0, nil) }) ?? newest else { return }
        if client == nil, hasHiddenNewest { return }
        if names.0 == newest?.client { hasHiddenNewest = true }
        hidden.append(Hidden(client: names.0, venue: names.1, until: until, isOnStreams: onStreams))
    }

    /// True where the order is hidden; what is over is forgotten.
    mutating func hides(
        client: ClientOrderID?, venue: VenueOrderID?, onStream: Bool = false, at now: MonotonicInstant
    ) -> Bool {
        if hidden.isEmpty { return false }
        hidden.removeAll { $0.until <= now }
        return hidden.contains { ($0.isOnStreams || !onStream) && $0.isMeant(client: client, venue: venue) }
    }
}
