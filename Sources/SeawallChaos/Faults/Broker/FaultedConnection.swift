internal import SeawallBroker
internal import SeawallTime

/// One connection of a stream with faults: takes the venue's events and hands on what becomes of them.
final class FaultedConnection<Event: FaultableEvent>: Sendable {
    private let broker: ChaosBroker
    private let core: Lock<StreamCore<Event>>
    private let continuation: AsyncThrowingStream<Event, any Error>.Continuation

    init(
        broker: ChaosBroker, oldest: Duration?, continuation: AsyncThrowingStream<Event, any Error>.Continuation
    ) {
        self.broker = broker
        self.continuation = continuation
        core = Lock(StreamCore(oldest: oldest))
    }

    private var time: any TimeSource { broker.environment.time }

    /// Hands events on until the venue's stream ends, a fault ends it, or the consumer has gone.
    func pump(_ events: AsyncThrowingStream<Event, any Error>, until end: MonotonicInstant?) async {
        await withDiscardingTaskGroup { late in
            if let end {
                late.addTask {
                    if await self.waited(until: end) { self.continuation.finish(throwing: BrokerError.brokenStream) }
                }
            }
            let failure: (any Error)?
            do {
                failure = try await handOn(events, &late)
            } catch {
                failure = error
            }
            await waitWhileHung()
            continuation.finish(throwing: failure)
            late.cancelAll()
        }
    }

    /// Hands on event by event; returns with what a fault ended the stream with.
    private func handOn(
        _ events: AsyncThrowingStream<Event, any Error>, _ late: inout DiscardingTaskGroup
    ) async throws -> BrokerError? {
        for try await event in events {
            // The consumer has gone, or its connection has: nobody is left to be struck.
            if Task.isCancelled { return nil }
            for output in broker.outputs(of: event, through: core) {
                switch output {
                case .send(let event): continuation.yield(event)
                case .sendLate(let event, let instant):
                    late.addTask {
                        if await self.waited(until: instant) { self.yieldLate(event) }
                    }
                case .hold(let number, let instant):
                    late.addTask {
                        guard await self.waited(until: instant) else { return }
                        if let event = self.core.withLock({ $0.release(number) }) { self.yieldLate(event) }
                    }
                case .end(let error): return error
                }
            }
        }
        return nil
    }

    /// Waits; false where the connection has ended meanwhile.
    private func waited(until instant: MonotonicInstant) async -> Bool {
        (try? await time.sleep(until: instant)) != nil
    }

    private func yieldLate(_ event: Event) {
        if hungUntil == nil { continuation.yield(event) }
    }

    /// A connection that is half open does not even end.
    private func waitWhileHung() async {
        if let end = hungUntil { _ = await waited(until: end) }
    }

    private var hungUntil: MonotonicInstant? {
        let now = time.now
        return core.withLock { $0.hangs(at: now) }
    }
}
