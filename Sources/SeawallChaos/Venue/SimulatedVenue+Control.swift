public import SeawallBroker
public import SeawallTime

extension SimulatedVenue {
    /// The whole truth of this instant.
    ///
    /// Complexity: all orders that were ever taken; for judges, not for bots.
    public func truth() -> VenueTruth {
        act { state, _ in state.exchange.truth() }.result
    }

    /// Every order that was taken under a client order id, oldest first.
    public func orders(named clientID: ClientOrderID) -> [Order] {
        act { state, _ in (state.exchange.ordersByClientID[clientID] ?? []).map { state.exchange.orderValue($0) } }
            .result
    }

    /// Sets what the venue takes from now on.
    public func setMode(_ mode: VenueStatus.Mode, until: CivilInstant? = nil) {
        act { state, _ in state.exchange.status = VenueStatus(mode: mode, until: until) }
    }

    /// Sets whether a symbol is traded; orders that work stay.
    ///
    /// - Throws: `SimulatedVenueError` where the venue does not trade the symbol.
    public func setStatus(_ status: InstrumentRules.Status, for symbol: Symbol) throws {
        let isKnown = act { state, _ in
            guard let market = state.exchange.marketBySymbol[symbol] else { return false }
            state.exchange.markets[market].rules.status = status
            return true
        }.result
        if !isKnown { throw SimulatedVenueError(code: .unknownSymbol, problems: ["\(symbol) is not traded here"]) }
    }

    /// Places an order of somebody else on the same account, by hand or from another program.
    ///
    /// It needs no request, no margin and no liquidity, and is told as `foreign`.
    ///
    /// - Throws: `SimulatedVenueError` with the venue's words where it breaks the rules of the symbol.
    @discardableResult
    public func injectForeign(_ order: OrderRequest) throws -> Order {
        let result = act { state, _ -> Result<Order, Refusal> in
            do throws(Refusal) {
                return .success(try state.exchange.place(order, name: nil, isForeign: true))
            } catch {
                return .failure(error)
            }
        }.result
        switch result {
        case .success(let order): return order
        case .failure(let refusal):
            throw SimulatedVenueError(code: .refused, problems: ["\(refusal.code) \(refusal.message)"])
        }
    }

    /// Breaks every stream off with an error of transport; calls go on.
    public func breakStreams() {
        let error = BrokerError(code: .transport, message: "the stream broke off", delivery: .maybeSent)
        endStreams(with: error)
    }

    /// Ends every stream and takes no more calls.
    public func close() {
        let driver = state.withLock { state in
            state.isClosed = true
            return state.driver.task
        }
        driver?.cancel()
        endStreams(with: nil)
    }

    private func endStreams(with error: BrokerError?) {
        act { state, _ in
            for delivery in state.hub.end(with: error) { state.append(.stream(delivery)) }
            state.noteListeners()
        }
    }
}
