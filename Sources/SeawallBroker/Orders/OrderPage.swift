/// One page of a list of orders.
public struct OrderPage: Hashable, Codable, Sendable {
    /// The orders of this page.
    public var orders: [Order]

    /// Where the next page begins, or nil after the last.
    public var next: PageCursor?

    /// Makes a page.
    public init(orders: [Order], next: PageCursor? = nil) {
        self.orders = orders
        self.next = next
    }
}
