public import Seawall

/// A fault struck a request.
public struct FaultRecord: Sendable {
    /// The fault's name.
    public var fault: String

    /// What it struck.
    public var operation: BrokerOperation

    /// The request that it struck, where there was one.
    public var request: String?
}
