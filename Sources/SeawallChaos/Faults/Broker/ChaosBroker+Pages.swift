public import SeawallBroker
internal import SeawallTime

extension ChaosBroker {
    /// Passes the call through the faults, which know of its page.
    public func openOrders(for symbol: Symbol?, page: PageCursor?) async throws -> OrderPage {
        try await pass(FaultedCall(call: BrokerCall(.openOrders, symbol: symbol), page: page)) {
            try await base.openOrders(for: symbol, page: page)
        }
    }

    /// Passes the call through the faults, which know of its page.
    public func orderHistory(for symbol: Symbol?, page: PageCursor?) async throws -> OrderPage {
        try await pass(FaultedCall(call: BrokerCall(.history, symbol: symbol), page: page)) {
            try await base.orderHistory(for: symbol, page: page)
        }
    }

    /// Passes the call through the faults.
    public func candles(for symbol: Symbol, interval: Duration, limit: Int) async throws -> [Candle] {
        let extent = [interval.wholeNanoseconds, Int64(clamping: limit)]
        return try await pass(FaultedCall(call: BrokerCall(.candles, symbol: symbol), extent: extent)) {
            try await base.candles(for: symbol, interval: interval, limit: limit)
        }
    }

    /// Passes the call through the faults.
    public func depth(for symbol: Symbol, levels: Int) async throws -> OrderBook {
        try await pass(FaultedCall(call: BrokerCall(.depth, symbol: symbol), extent: [Int64(clamping: levels)])) {
            try await base.depth(for: symbol, levels: levels)
        }
    }

    /// Passes the call through the faults, then lets faults strike the fills of the answer.
    public func fills(since cursor: FillCursor?, symbol: Symbol?) async throws -> FillPage {
        let call = BrokerCall(.fills, symbol: symbol)
        var page = try await pass(FaultedCall(call: call, since: cursor)) {
            try await base.fills(since: cursor, symbol: symbol)
        }
        let effect = page.fills.isEmpty ? nil : strikeFills(of: call, RequestContext.current)
        if case .lateFills(let delay) = effect {
            let due = environment.time.now.advanced(by: delay)
            state.withLock { [page] in $0.held.hold(page.fills, until: due) }
        }
        page.fills = state.withLock { [page] state in
            state.held.release(into: page.fills, symbol: symbol, now: environment.time.now)
        }
        if case .duplicateFills = effect { page.fills += page.fills }
        if case .reorderedFills = effect { page.fills.reverse() }
        return page
    }

    /// Counts fills, and says what strikes them.
    func strikeFills(of call: BrokerCall, _ context: RequestContext?) -> FaultEffect? {
        let (hit, now) = state.withLock { state in
            let now = environment.time.now
            return (state.core.fills(of: call, lane: context?.lane, now: now), now)
        }
        guard let hit else { return nil }
        tell(hit, call, context, now)
        return hit.action.effect
    }
}
