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

    /// Sets what the venue takes from now on, until it is set again.
    ///
    /// Orders that work stay, and nothing trades in any mode but online. Maintenance takes nothing at all but questions
    /// for the mode and the time, and ends every stream. Where the profile's venue does not have the mode, it takes the
    /// next stricter one that it has.
    ///
    /// - Parameters:
    ///   - mode: What the venue takes.
    ///   - until: When the venue says that it ends; it does not end by itself.
    public func setMode(_ mode: VenueStatus.Mode, until: CivilInstant? = nil) {
        setMode(VenueStatus(mode: mode, until: until), endsAt: nil)
    }

    /// Sets what the venue takes for a time, at whose end it is online again.
    ///
    /// A later call takes the place of an earlier one. See `setMode(_:until:)` for what each mode does.
    ///
    /// - Parameters:
    ///   - mode: What the venue takes.
    ///   - duration: How long; zero and less are no time at all.
    public func setMode(_ mode: VenueStatus.Mode, for duration: Duration) {
        let end = time.now.advanced(by: max(.zero, duration))
        let civilEnd = civilStart.advanced(by: start.duration(to: end))
        setMode(VenueStatus(mode: mode, until: civilEnd), endsAt: end)
    }

    private func setMode(_ status: VenueStatus, endsAt end: MonotonicInstant?) {
        act { state, now in
            state.exchange.status = VenueStatus(mode: profile.nearestMode(to: status.mode), until: status.until)
            state.exchange.modeEndsAt = end
            // A mode of no length is over before it begins.
            state.exchange.advance(to: now)
            guard state.exchange.status.mode == .maintenance else { return }
            state.endStreams(
                with: BrokerError(
                    code: .transport, message: "the stream ended: the venue is in maintenance", delivery: .maybeSent))
        }
    }

    /// Makes the venue refuse the account's key for a time.
    ///
    /// Every call that needs the key is refused as authentication, and the account's streams end as an expired session
    /// does and cannot be opened; what every visitor may ask goes on. A later call takes the place of an earlier one.
    public func expireAuthentication(for duration: Duration) {
        act { state, now in
            state.keyIsRefusedUntil = now.advanced(by: max(.zero, duration))
            guard duration > .zero else { return }
            state.endStreams(with: state.exchange.error(of: .sessionExpired, to: .userStream), ofAccountOnly: true)
        }
    }

    /// Lets a second process on the same address and account spend a share of every limit, for a time.
    ///
    /// It takes what its share lacks whenever a window frees, obeys the limits itself, and makes no request that the
    /// record shows: one sees it in headers, in `limits()`, and in being refused. Of a counter that falls steadily it
    /// keeps the whole, ours included, at its share or above. A later call takes the place of an earlier one.
    ///
    /// - Parameters:
    ///   - perMille: The share in thousandths of each limit, 0 to 1,000; what is beyond is taken to the nearest end.
    ///   - duration: How long it spends; what it spent in the end stays until the windows forget it.
    public func spendLimits(perMille: Int, for duration: Duration) {
        act { state, now in
            state.gate.spend(perMille: perMille, until: now.advanced(by: max(.zero, duration)), at: now)
        }
    }

    /// Fills a working order now, at its own price and as maker, whatever the market does.
    ///
    /// The price is the limit, else the trigger, which counts as reached, else the market's. Streams of the account hear
    /// of it at once, with everything that was still on its way to them: before the reply of a place or a cancel that is
    /// under way. An order of a client id that the venue has never seen is filled as soon as it is taken, so that a fill
    /// comes before the acknowledgement.
    ///
    /// - Parameters:
    ///   - target: The order.
    ///   - symbol: What it trades.
    ///   - perMille: The share of what is left, in thousandths, at least one lot; 0 and less do nothing, more than 1,000
    ///     fills all. An order that may only reduce fills no more than there is to reduce.
    /// - Returns: The order after, or nil where none works.
    @discardableResult
    public func fill(_ target: OrderTarget, symbol: Symbol, perMille: Int = 1_000) -> Order? {
        act { state, _ in try? state.exchange.force(target, symbol: symbol, perMille: perMille) }.result
    }

    /// Ends a working order for a reason of the venue's own: a margin call, a delisting, a match with oneself.
    ///
    /// Streams hear of it in their own time, and no request is behind it.
    ///
    /// - Returns: The order after, or nil where none works.
    @discardableResult
    public func expire(_ target: OrderTarget, symbol: Symbol) -> Order? {
        act { state, _ in try? state.exchange.expire(target, symbol: symbol) }.result
    }

    /// Sets whether a symbol is traded; orders that work stay, and do not trade while it is not.
    ///
    /// A halted symbol takes no cancels either.
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
        let result = act { state, _ -> Result<Order, SimulatedVenueError> in
            do throws(Refusal) {
                return .success(try state.exchange.place(order, name: nil, isForeign: true))
            } catch {
                let words = state.exchange.words(of: error, to: .place)
                return .failure(SimulatedVenueError(code: .refused, problems: [words]))
            }
        }.result
        return try result.get()
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
        act { state, _ in state.endStreams(with: error) }
    }
}

extension VenueProfile {
    /// The mode itself, or the next stricter one that the venue has; the mode itself where it has none.
    fileprivate func nearestMode(to mode: VenueStatus.Mode) -> VenueStatus.Mode {
        let byStrictness: [VenueStatus.Mode] = [.online, .postOnly, .cancelOnly, .maintenance]
        if mode == .online { return mode }
        return byStrictness.drop { $0 != mode }.first { modes.contains($0) } ?? mode
    }
}
