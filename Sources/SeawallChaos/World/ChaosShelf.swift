internal import SeawallTime

/// The brokers with faults of a run, until it stops; then what of their plans never struck.
///
/// They hold the world, so they must not stay.
final class ChaosShelf: Sendable {
    private struct Storage: Sendable {
        var brokers: [ChaosBroker] = []
        var unstruck: [UnstruckFault] = []
        var hadAny = false
    }

    private let storage = Lock(Storage())

    init(world: SimulatedWorld) {
        world.atStop { [weak self] _ in self?.settle() }
    }

    /// The faults that never struck, by broker, each plan's in its order; nil where no broker had any.
    var unstruck: [UnstruckFault]? { storage.withLock { $0.hadAny ? $0.unstruck : nil } }

    func add(_ broker: ChaosBroker) {
        storage.withLock { storage in
            storage.brokers.append(broker)
            storage.hadAny = true
        }
    }

    private func settle() {
        let brokers = storage.withLock { storage in
            defer { storage.brokers = [] }
            return storage.brokers
        }
        let unstruck = brokers.flatMap(\.unstruck)
        storage.withLock { $0.unstruck += unstruck }
    }
}

extension SimulatedWorld {
    var chaosShelf: ChaosShelf { attachments.value(ChaosShelf.self) { ChaosShelf(world: self) } }
}

extension SimulationReport {
    /// The faults that never struck, of all brokers that `SimulatedWorld.chaos` made, in order.
    ///
    /// A run in which a fault matched nothing shows nothing about it. Where the body made no such broker, it is every
    /// fault of the run's plan.
    public var unstruck: [UnstruckFault] {
        attachments.value(ChaosShelf.self)?.unstruck
            ?? faults.actions.enumerated().map { UnstruckFault(index: $0, fault: $1.name, matched: 0) }
    }
}
