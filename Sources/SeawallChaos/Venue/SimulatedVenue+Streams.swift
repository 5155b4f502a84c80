public import SeawallBroker
internal import SeawallTime

extension SimulatedVenue {
    /// Prices of the symbols, the present one first, numbered from 1 with the heartbeats among them where the profile
    /// says `contiguous`; events of other rules have no number, since one alone cannot say a range or a predecessor.
    ///
    /// A consumer that falls behind by more than the buffer loses the oldest, which leaves a gap in the numbers. The
    /// stream ends with `close()`, and fails with `breakStreams()`.
    public func marketEvents(for symbols: [Symbol]) async throws -> AsyncThrowingStream<MarketEvent, any Error> {
        let (stream, continuation) = AsyncThrowingStream<MarketEvent, any Error>.makeStream(
            bufferingPolicy: .bufferingNewest(streamBuffer))
        let id = state.withLock { $0.hub.issueID() }
        continuation.onTermination = { [weak self] _ in self?.removeListener(id) }
        let request = VenueRequest.id
        try await call(.marketStream, needs: .marketStream) { state throws(Refusal) in
            let markets = try symbols.map { symbol throws(Refusal) in try state.exchange.index(of: symbol) }
            let now = state.exchange.now
            state.hub.add(id, continuation, symbols: Set(symbols), request: request, now: now)
            state.noteListeners()
            state.record(
                state.event(.connected, of: StreamHub.Connection(operation: .marketStream, request: request)))
            for market in markets { state.hub.greet(id, state.exchange.ticker(market), at: now) }
        }
        return stream
    }

    /// Changes of the account's orders and its trades, numbered from 1 with the heartbeats among them where the profile says
    /// `contiguous`, else without a number.
    ///
    /// A consumer that falls behind by more than the buffer loses the oldest, which leaves a gap in the numbers. The
    /// stream ends with `close()`, and fails with `breakStreams()`.
    public func userEvents() async throws -> AsyncThrowingStream<UserEvent, any Error> {
        let (stream, continuation) = AsyncThrowingStream<UserEvent, any Error>.makeStream(
            bufferingPolicy: .bufferingNewest(streamBuffer))
        let id = state.withLock { $0.hub.issueID() }
        continuation.onTermination = { [weak self] _ in self?.removeListener(id) }
        let request = VenueRequest.id
        try await call(.userStream, needs: .userStream) { state throws(Refusal) in
            state.hub.add(id, continuation, request: request, now: state.exchange.now)
            state.noteListeners()
            state.record(state.event(.connected, of: StreamHub.Connection(operation: .userStream, request: request)))
        }
        return stream
    }

    private func removeListener(_ id: Int) {
        let gone = state.withLock { state in
            let gone = state.hub.remove(id)
            state.noteListeners()
            return gone
        }
        if let gone { act { state, _ in state.record(state.event(.disconnected, of: gone)) } }
    }
}
