internal import SeawallBroker

/// An answer that can be empty: a list in which what is there is not shown.
protocol EmptyAnswer {
    static var empty: Self { get }
}

extension OrderPage: EmptyAnswer {
    static var empty: OrderPage { OrderPage(orders: []) }
}

/// The empty answer of a type, or nil where a type has none.
func emptyAnswer<Answer>(_ type: Answer.Type) -> Answer? {
    (type as? any EmptyAnswer.Type)?.empty as? Answer
}
