public import Seawall

extension FaultPreset {
    /// Something that the record of a run shows: what the layer or the venue did, whoever caused it.
    public enum Consequence: Hashable, Sendable {
        /// A stream that had been open was opened again, by whom it was open before, in the same process.
        case reopened(BrokerOperation)
        /// The library read that by itself after a fault had struck.
        case reread(BrokerOperation)
        /// A request came back as that outcome, as the venue's profile reads it.
        case answered(BrokerOperation, as: String)
        /// The library stopped waiting for the answer to a request.
        case givenUp(BrokerOperation)
        /// An order came to be in that state, as the layer knows it.
        case order(OrderStatus)
        /// A cause of the effective permission began.
        case cause(ReasonCode)
        /// The venue's limit, or its ban, was understood.
        case limited
        /// A breaker opened.
        case breakerOpened(String)
        /// An alert of that code began.
        case alert(String)
        /// A process came back.
        case restarted
    }
}

extension FaultPreset.Consequence: CustomStringConvertible {
    /// The consequence in words.
    public var description: String {
        switch self {
        case .reopened(let stream): "\(stream.rawValue) opened again"
        case .reread(let operation): "\(operation.rawValue) read again"
        case .answered(let operation, let outcome): "\(operation.rawValue) answered as \(outcome)"
        case .givenUp(let operation): "\(operation.rawValue) given up"
        case .order(let status): "an order that is \(status.rawValue)"
        case .cause(let code): "cause \(code.rawValue)"
        case .limited: "a limit understood"
        case .breakerOpened(let name): "breaker \(name) open"
        case .alert(let code): "alert \(code)"
        case .restarted: "a process that came back"
        }
    }
}

extension SimulationReport {
    /// What the run's record shows to have come of its faults.
    public var consequences: Set<FaultPreset.Consequence> {
        attachments.value(RunBook.self)?.consequences.withLock { $0.seen } ?? []
    }
}
