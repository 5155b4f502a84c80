internal import SeawallBroker

/// An answer that can be empty: a list in which what is there is not shown.
protocol EmptyAnswer {
    /// The answer without its rows.
    var emptied: Self { get }
}

extension OrderPage: EmptyAnswer {
    var emptied: OrderPage { OrderPage(orders: []) }
}

extension FillPage: EmptyAnswer {
    var emptied: FillPage { FillPage(fills: [], cursor: cursor) }
}

extension Array: EmptyAnswer {
    var emptied: [Element] { [] }
}
