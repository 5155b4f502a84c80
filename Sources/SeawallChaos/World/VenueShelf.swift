internal import SeawallBroker
internal import SeawallTime

/// The venues of a run, for what strikes them from outside.
final class VenueShelf: Sendable {
    private struct State: Sendable {
        var venues: [SimulatedVenue] = []
        var modeUntil: MonotonicInstant = .origin
    }

    private let state = Lock(State())

    var venues: [SimulatedVenue] { state.withLock { $0.venues } }

    func add(_ venue: SimulatedVenue) { state.withLock { $0.venues.append(venue) } }

    /// Remembers until when the venues have a mode that was set from outside.
    func keepMode(until instant: MonotonicInstant) { state.withLock { $0.modeUntil = instant } }

    /// True where no other mode was set since the one that ends at `instant`.
    func modeEnds(at instant: MonotonicInstant) -> Bool { state.withLock { $0.modeUntil == instant } }
}

extension SimulatedWorld {
    var venues: VenueShelf { attachments.value(VenueShelf.self) { VenueShelf() } }
}
