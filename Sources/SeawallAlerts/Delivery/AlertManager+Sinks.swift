internal import SeawallTime

extension AlertManager {
    /// Adds a sink that hears of every episode from its severity on.
    ///
    /// Of an episode that is open already it hears at the next reminder or rise.
    /// - Parameters:
    ///   - sink: Where alerts go; its name is read once.
    ///   - minimumSeverity: The least severity with which an episode reaches it.
    /// - Throws: `AlertError`: `duplicateSink` where the name is taken, `namelessSink` where it is empty.
    public func register(_ sink: any AlertSink, minimumSeverity: AlertSeverity = .info) throws(AlertError) {
        let name = sink.name
        if name.isEmpty { throw AlertError(.namelessSink, ["sink \"\": expected a name that is not empty"]) }
        let (reading, listener) = try storage.withLock { (storage) throws(AlertError) in
            if storage.core.queues.contains(where: { $0.name == name }) {
                throw AlertError(.duplicateSink, ["sink \(name): expected a name that no other sink has"])
            }
            storage.lastSink += 1
            storage.sinks[storage.lastSink] = sink
            var queue = SinkQueue(
                id: storage.lastSink, name: name, minimumSeverity: minimumSeverity,
                limit: storage.core.configuration.queueLimit)
            queue.remember(storage.core.restored)
            storage.core.append(queue)
            return (queue.reading(isLast: false), storage.sinkListener)
        }
        listener?(reading)
        callCouriers()
    }

    /// Adds a sink made of a closure, which hears of every episode from its severity on.
    ///
    /// - Throws: `AlertError`: `duplicateSink` where the name is taken, `namelessSink` where it is empty.
    public func register(
        _ name: String, minimumSeverity: AlertSeverity = .info,
        handler: @escaping @Sendable (Alert) async throws -> Void
    ) throws(AlertError) {
        try register(HandlerSink(name, handler: handler), minimumSeverity: minimumSeverity)
    }

    /// Removes a sink with all that waits for it; a delivery under way goes on.
    ///
    /// - Returns: False where no sink has the name.
    @discardableResult
    public func unregister(_ name: String) -> Bool {
        let (last, waiters, listener) = storage.withLock { storage in
            guard let index = storage.core.queues.firstIndex(where: { $0.name == name }) else {
                return (SinkReading?.none, [DeliveryWaiter](), storage.sinkListener)
            }
            let removed = storage.core.queues.remove(at: index)
            storage.sinks[removed.id] = nil
            return (removed.reading(isLast: true), storage.takeFinishedWaiters(), storage.sinkListener)
        }
        for waiter in waiters { waiter.continuation.resume() }
        guard let last else { return false }
        listener?(last)
        return true
    }

    /// Has `listener` told of every sink that is registered from now on, and of the last of each that is removed.
    package func observeSinks(_ listener: @escaping @Sendable (SinkReading) -> Void) {
        storage.withLock { $0.sinkListener = listener }
    }

    /// What became of the alerts of each sink, with which sink it is, in the order of registration.
    package var sinkReadings: [SinkReading] {
        storage.withLock { $0.core.queues.map { $0.reading(isLast: false) } }
    }

    /// What became of the alerts of each sink, in the order of registration.
    public var sinks: [AlertSinkStatus] { storage.withLock { $0.core.queues.map(\.status) } }

    /// Carries alerts to one sink until none waits; of each sink only one such task runs at a time.
    func carry(to sink: UInt64) async {
        while let (destination, alert) = storage.withLock({ $0.next(for: sink) }) {
            var succeeded = true
            do { try await destination.deliver(alert) } catch { succeeded = false }
            let waiters = storage.withLock { storage in
                storage.core.withQueue(sink) { $0.settle(succeeded: succeeded) }
                return storage.takeFinishedWaiters()
            }
            for waiter in waiters { waiter.continuation.resume() }
            tellSettled()
        }
    }
}

extension AlertManager.Storage {
    mutating func next(for sink: UInt64) -> (any AlertSink, Alert)? {
        guard let destination = sinks[sink], let alert = core.withQueue(sink, { $0.next() }) ?? nil else { return nil }
        return (destination, alert)
    }
}

extension AlertCore {
    /// The sinks for which a task is to be started now.
    mutating func callCouriers() -> [UInt64] {
        var called: [UInt64] = []
        for index in queues.indices where queues[index].callCourier() { called.append(queues[index].id) }
        return called
    }

    /// Changes the queue of a sink; nil where it is gone.
    @discardableResult
    mutating func withQueue<Result>(_ sink: UInt64, _ change: (inout SinkQueue) -> Result) -> Result? {
        guard let index = queues.firstIndex(where: { $0.id == sink }) else { return nil }
        return change(&queues[index])
    }
}
