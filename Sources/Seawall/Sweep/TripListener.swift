internal import SeawallDegradation

/// Who acts on trips: told of a cause once it is latched, before its end is followed by anything, and of moving orders.
struct TripListener: Sendable {
    /// The cause stands, and is written down as far as that can be done now.
    var causeLatched: @Sendable (Cause) -> Void
    /// The cause no longer restricts.
    var causeEnded: @Sendable (Cause) -> Void
    /// Orders have moved.
    var ordersMoved: @Sendable ([LedgerChange]) -> Void
}
