package import SeawallBroker

/// What one side of a symbol may still close, and who holds the rest.
package struct Capacity: Hashable, Sendable {
    /// An order that holds closing capacity.
    package struct Holder: Hashable, Sendable {
        /// The order.
        package var order: OrderTarget
        /// What of it may still fill, in steps.
        package var remaining: Int128
    }

    /// Why nothing of the side closes; nil where something may.
    package enum Obstacle: Hashable, Sendable {
        /// Nobody has told what the position is.
        case positionUnknown
        /// There is no position to close.
        case flat
        /// The side would make the position grow.
        case wrongSide
    }

    /// The signed position in steps, where it is known.
    package var position: Int128?

    /// Why nothing closes, whatever the quantity.
    package var obstacle: Obstacle?

    /// The largest quantity that closes and nothing else, in steps.
    package var available: Int128

    /// The orders that may close first, by id.
    package var holders: [Holder]
}
