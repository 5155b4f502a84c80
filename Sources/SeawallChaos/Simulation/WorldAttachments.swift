internal import SeawallTime

/// What parts of a world keep with it for the length of a run and for its report: a venue, a log, a judge.
///
/// A value must not hold the world itself, or the world of the run is never freed; its environment is enough.
package final class WorldAttachments: Sendable {
    private struct Storage: Sendable {
        var values: [ObjectIdentifier: any Sendable] = [:]
        var actionsAtStop: [@Sendable (SimulationOutcome) -> Void] = []
    }

    private let storage = Lock(Storage())

    /// The one value of its type, or nil where none was attached.
    package func value<Value: Sendable>(_ type: Value.Type) -> Value? {
        storage.withLock { $0.values[ObjectIdentifier(type)] } as? Value
    }

    /// The one value of its type, made and attached where there is none.
    package func value<Value: Sendable>(_ type: Value.Type, orMake make: () throws -> Value) rethrows -> Value {
        if let known = value(type) { return known }
        let made = try make()
        return storage.withLock { storage in
            if let known = storage.values[ObjectIdentifier(type)] as? Value { return known }
            storage.values[ObjectIdentifier(type)] = made
            return made
        }
    }

    func addActionAtStop(_ action: @escaping @Sendable (SimulationOutcome) -> Void) {
        storage.withLock { $0.actionsAtStop.append(action) }
    }

    func takeActionsAtStop() -> [@Sendable (SimulationOutcome) -> Void] {
        storage.withLock { storage in
            defer { storage.actionsAtStop = [] }
            return storage.actionsAtStop
        }
    }
}
