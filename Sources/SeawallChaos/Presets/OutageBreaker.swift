public import SeawallBroker

/// A breaker of the layer that an outage is to open, by the name that it has there.
///
/// A name that is read from text is one of these or refused: `OutageBreaker(rawValue: "order")` is nil.
public enum OutageBreaker: String, Codable, Sendable, CaseIterable {
    /// The breaker of what changes orders.
    case orders
    /// The breaker of reads.
    case reads

    /// The calls of the breaker.
    public var operations: Set<BrokerOperation> {
        switch self {
        case .orders: FaultPlan.orders
        case .reads: FaultPlan.reads
        }
    }
}
