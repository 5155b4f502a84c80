public import SeawallBroker
internal import SeawallTime

extension ChaosBroker {
    /// Passes the call through the faults, then lets faults strike what the stream brings.
    public func marketEvents(for symbols: [Symbol]) async throws -> AsyncThrowingStream<MarketEvent, any Error> {
        let call = BrokerCall(.marketStream, symbols: symbols)
        return struck(try await intercept(call) { try await base.marketEvents(for: symbols) }, call)
    }

    /// Passes the call through the faults, then lets faults strike what the stream brings.
    ///
    /// A late fill keeps its sequence number. What is held back when the stream ends or breaks is lost with it.
    public func userEvents() async throws -> AsyncThrowingStream<UserEvent, any Error> {
        let call = BrokerCall(.userStream)
        return struck(try await intercept(call) { try await base.userEvents() }, call)
    }

    /// The stream under faults; the venue's own where no fault can strike it.
    private func struck<Event: FaultableEvent>(
        _ events: AsyncThrowingStream<Event, any Error>, _ call: BrokerCall
    ) -> AsyncThrowingStream<Event, any Error> {
        let (needs, hit, now) = state.withLock { state in
            let now = environment.time.now
            return (state.needs, state.core.connection(of: call, now: now), now)
        }
        guard needs.streams.contains(Event.stream) else { return events }
        var end: MonotonicInstant?
        if let hit, case .streamFlap(let life) = hit.action.effect {
            tell(hit, call, RequestContext.current, now)
            end = now.advanced(by: life)
        }
        let (stream, continuation) = AsyncThrowingStream<Event, any Error>.makeStream()
        let connection = FaultedConnection<Event>(
            broker: self, oldest: needs.oldestEvent, continuation: continuation)
        let pump = environment.spawner.spawn { [end] in await connection.pump(events, until: end) }
        continuation.onTermination = { _ in pump.cancel() }
        return stream
    }

    /// What strikes an event, if anything; nil for one that is kept quiet.
    func outputs<Event: FaultableEvent>(
        of event: Event, through core: borrowing Lock<StreamCore<Event>>
    ) -> [StreamCore<Event>.Output] {
        let call = BrokerCall(Event.stream, symbol: event.symbol)
        let now = environment.time.now
        guard core.withLock({ $0.passes(event, at: now) }), !hides(event, at: now) else { return [] }
        let hit = state.withLock { state in
            core.withLock { core in state.core.event(of: call, now: now) { core.fits($0, event, at: now) } }
        }
        if let hit { tell(hit, call, nil, now) }
        let effect = hit?.action.effect
        let fillsEffect = event.isFill && effect?.swallows(event) != true ? strikeFills(of: call, nil) : nil
        return core.withLock { $0.event(event, struckBy: effect, fillsEffect, at: now) }
    }

    private func hides(_ event: some FaultableEvent, at now: MonotonicInstant) -> Bool {
        guard let order = event.order else { return false }
        return state.withLock { $0.hidden.hides(client: order.client, venue: order.venue, onStream: true, at: now) }
    }
}
