internal import SeawallBroker
internal import SeawallTime

/// An order that a sweep has found in its scope.
struct SweepOrder: Hashable, Sendable {
    /// What a cancel calls it by.
    var target: OrderTarget

    /// The venue's name of it, where it is known.
    var venueID: VenueOrderID?

    /// What it trades.
    var symbol: Symbol

    /// True where the sweep leaves it: it protects, and the sweep is to keep what protects.
    var isKept: Bool
}

/// What the venue showed of a sweep's scope.
struct SweepListing: Sendable {
    /// Every order of the scope that was shown.
    var orders: [SweepOrder]

    /// True where every page came: what is missing was not there.
    var isComplete: Bool

    /// When the first page was asked for.
    var askedAt: MonotonicInstant
}
