internal import SeawallTime

/// The venues of a run, for what strikes them from outside.
final class VenueShelf: Sendable {
    private let venues = Lock([SimulatedVenue]())

    var all: [SimulatedVenue] { venues.withLock { $0 } }

    func add(_ venue: SimulatedVenue) { venues.withLock { $0.append(venue) } }
}

extension SimulatedWorld {
    var venues: VenueShelf { attachments.value(VenueShelf.self) { VenueShelf() } }
}
