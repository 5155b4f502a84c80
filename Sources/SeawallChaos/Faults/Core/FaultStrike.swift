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

    /// The fault as its plan has it.
    public var action: FaultAction

    /// The number of the call among those that the fault matches, from 1.
    public var number: Int

    /// Makes a strike.
    public init(
        action: FaultAction, number: Int, operation: BrokerOperation, call: BrokerCall, context: RequestContext?,
        time: MonotonicInstant
    ) {
        fault = action.name
        self.action = action
        self.number = number
        self.operation = operation
        self.call = call
        self.context = context
        self.time = time
    }
}
