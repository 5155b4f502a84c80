internal import SeawallBroker
internal import SeawallTime

/// An order has begun to fill, and what its place was charged may be given back.
struct OrderRelease: Hashable, Sendable {
    var symbol: Symbol
    /// When the place arrived.
    var chargedAt: MonotonicInstant
}
