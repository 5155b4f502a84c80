public import SeawallBroker

/// How often a fault struck an operation.
public struct FaultCount: Hashable, Codable, Sendable {
    /// The fault's name.
    public var fault: String

    /// The operation.
    public var operation: BrokerOperation

    /// How often.
    public var count: Int

    /// Makes a count.
    public init(fault: String, operation: BrokerOperation, count: Int) {
        self.fault = fault
        self.operation = operation
        self.count = count
    }
}
