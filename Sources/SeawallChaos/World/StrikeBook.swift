internal import SeawallTime

/// Every fault that struck in a run, in order.
final class StrikeBook: Sendable {
    private let storage = Lock([FaultStrike]())

    var strikes: [FaultStrike] { storage.withLock { $0 } }

    func add(_ strike: FaultStrike) { storage.withLock { $0.append(strike) } }
}

extension SimulatedWorld {
    var strikes: StrikeBook { attachments.value(StrikeBook.self) { StrikeBook() } }
}

extension SimulationReport {
    /// Every fault that struck in the run, of all brokers that `SimulatedWorld.chaos` made, in order.
    public var strikes: [FaultStrike] { attachments.value(StrikeBook.self)?.strikes ?? [] }
}
