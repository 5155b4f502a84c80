internal import SeawallBroker
internal import SeawallTime

/// The one lock that the gate and its pause controller share, so that permission and capacity are one decision.
final class GateStorage: Sendable {
    let time: any TimeSource
    private let core: Lock<GateCore>

    init(_ core: GateCore, time: any TimeSource) {
        self.core = Lock(core)
        self.time = time
    }

    /// Runs one event; time is read inside the lock, so that events and instants have one order.
    func step<Result: Sendable>(_ event: (inout GateCore, MonotonicInstant) -> Result) -> Result {
        core.withLock { core in event(&core, time.now) }
    }
}
