internal import SeawallTime

/// What is read of a layer's parts whenever somebody reads the metrics.
final class MetricsSources: Sendable {
    private let readings = Lock([@Sendable () -> Void]())
    private let preparations = Lock([@Sendable () -> Void]())
    // One reading at a time: of two at once the later could bring the earlier's totals.
    private let turn = Lock(())

    /// Adds a reading: it copies what a part says of itself into handles, and runs no code of the user.
    func add(_ reading: @escaping @Sendable () -> Void) {
        readings.withLock { $0.append(reading) }
    }

    /// Has something run before the first reading, once: what only a reader needs is made then.
    func beforeFirst(_ preparation: @escaping @Sendable () -> Void) {
        preparations.withLock { $0.append(preparation) }
    }

    /// Reads everything now.
    func read() {
        let readings = readings.withLock { $0 }
        turn.withLock { _ in
            let preparations = preparations.withLock { preparations in
                defer { preparations = [] }
                return preparations
            }
            for prepare in preparations { prepare() }
            for reading in readings { reading() }
        }
    }
}
