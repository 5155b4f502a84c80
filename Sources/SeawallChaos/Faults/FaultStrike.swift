public import SeawallBroker
public import SeawallTime

/// A fault that struck.
public struct FaultStrike: Sendable {
    /// The fault's name.
    public var fault: String

    /// What kind of call it struck; for a fill on its way, `userStream` or `fills`.
    public var operation: BrokerOperation

    /// The call it struck.
    public var call: BrokerCall

    /// The request that a guard made, where one did; nil for what comes on a stream.
    public var context: RequestContext?

    /// When.
    public var time: MonotonicInstant

    /// Makes a strike.
    public init(
        fault: String, operation: BrokerOperation, call: BrokerCall, context: RequestContext?, time: MonotonicInstant
    ) {
        self.fault = fault
        self.operation = operation
        self.call = call
        self.context = context
        self.time = time
    }
}
