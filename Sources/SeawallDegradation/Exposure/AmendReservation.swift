package import SeawallBroker
package import SeawallTime

/// An admitted amend: what it asks for, to be decided again when it is handed over.
package struct AmendReservation: Sendable {
    /// The order.
    package var order: OrderTarget

    /// The new whole quantity in steps, or nil to keep it.
    package var total: Int128?

    /// True where price or trigger change.
    package var changesPrice: Bool

    /// When it is too late to hand it over.
    package var expires: MonotonicInstant?

    /// True once it has been handed over: from then on it is in flight until it is settled.
    package var isHandedOver = false

    package init(order: OrderTarget, total: Int128?, changesPrice: Bool, expires: MonotonicInstant? = nil) {
        self.order = order
        self.total = total
        self.changesPrice = changesPrice
        self.expires = expires
    }
}
