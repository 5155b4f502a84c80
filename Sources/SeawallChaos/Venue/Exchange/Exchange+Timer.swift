internal import SeawallBroker
internal import SeawallTime

extension Exchange {
    /// Sets, renews or (nil or zero) disarms the timer that cancels a symbol's orders, or all where there is one timer.
    mutating func setTimer(_ timeout: Duration?, symbol: Symbol) throws(Refusal) {
        let market = try index(of: symbol)
        let rule = profile.deadMan ?? DeadManRule()
        var end: MonotonicInstant?
        if let timeout, timeout != .zero {
            guard timeout >= rule.shortest, timeout <= rule.longest else { throw .badParameter }
            end = clock.advanced(by: timeout)
        }
        switch rule.scope {
        case .symbol: markets[market].timer = end
        case .account: for index in markets.indices { markets[index].timer = end }
        }
    }

    /// Cancels what the venue's timer cancels, once.
    mutating func fireTimer(_ market: Int) {
        markets[market].timer = nil
        let cancelsAll = profile.deadMan?.cancelsProtection ?? true
        for id in markets[market].working where cancelsAll || !orders[id - 1].protects {
            finish(id, .cancelled, request: nil)
        }
    }
}

extension ExchangeOrder {
    /// True for a stop, and for what may only reduce.
    fileprivate var protects: Bool { trigger != nil || isReduceOnly }
}
