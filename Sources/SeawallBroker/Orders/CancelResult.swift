/// What became of one order of several that were to be cancelled together.
public struct CancelResult: Sendable {
    /// The order that was named.
    public var target: OrderTarget

    /// The order after the cancel, or why there was none.
    public var result: Result<Order, BrokerError>

    /// Makes a result.
    public init(target: OrderTarget, result: Result<Order, BrokerError>) {
        self.target = target
        self.result = result
    }
}
