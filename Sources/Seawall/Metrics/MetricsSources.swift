internal import SeawallTime

/// What is read of a layer's parts whenever somebody reads the metrics.
final class MetricsSources: Sendable {
    private let readings = Lock([@Sendable () -> Void]())
    // One reading at a time: of two at once the later could bring the earlier's totals.
    private let turn = Lock(())

    /// Adds a reading: it copies what a part says of itself into handles, and runs no code of the user.
    func add(_ reading: @escaping @Sendable () -> Void) {
        readings.withLock { $0.append(reading) }
    }

    /// Reads everything now.
    func read() {
        let readings = readings.withLock { $0 }
        turn.withLock { _ in
            for reading in readings { reading() }
        }
    }
}
