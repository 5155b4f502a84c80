public import SeawallBroker
internal import SeawallDegradation
internal import SeawallRateLimit
internal import SeawallTime

extension GuardedBroker {
    /// Places an order, at most once for its intent.
    ///
    /// - Returns: The order as the venue took it, or, for an intent that was placed before, the order that is known, in
    ///   whatever state it is; then nothing is sent.
    /// - Throws: `GuardError` that says whether anything was sent; `CancellationError` when the task is cancelled before
    ///   the order was handed over. After the hand-over a cancelled call throws `outcomeUnknown`: the order may exist.
    public func place(_ order: OrderRequest) async throws -> Order {
        let intent = name(order)
        let clientID = order.clientID ?? mint.id(for: intent)
        return try await submit(order, as: clientID) { try await self.place(order, intent, clientID) }
    }

    /// The order, and false where its intent was placed before.
    private func place(
        _ order: OrderRequest, _ intent: IntentID, _ clientID: ClientOrderID
    ) async throws -> (order: Order, isNew: Bool) {
        try validate(order, clientID)
        switch ledger.open(order, intent: intent, clientID: clientID) {
        case .known(let order):
            return (order, false)
        case .conflict(let known):
            throw GuardError(
                code: .intentReused,
                message: "intent \(intent) was placed before with another body (\(known.side.rawValue) "
                    + "\(known.quantity.amount) \(known.symbol)); give each order that you want an intent of its own")
        case .new(let entry):
            return (try await placeNew(entry), true)
        }
    }

    private func validate(_ order: OrderRequest, _ clientID: ClientOrderID) throws {
        var named = order
        named.clientID = clientID
        do {
            try named.validate(against: rules.rules(for: order.symbol))
        } catch {
            throw GuardError(code: .invalid, message: "\(error)", cause: error)
        }
    }

    private func placeNew(_ entry: LedgerEntry) async throws -> Order {
        let clientID = entry.clientID
        let sendBy = time.now.advanced(by: entry.request.sendWithin ?? configuration.sendWithin)
        let answer = gate.reserve(entry.request, as: clientID, expires: sendBy)
        consequences.follow(answer.changes)
        if let denial = answer.denial {
            ledger.discard(clientID)
            throw GuardError(denial)
        }
        consequences.follow(ledger.prepared(clientID))
        if let error = await journal.prepare(entry, by: sendBy) {
            let order = known(clientID, or: entry.order)
            return try withdraw(entry, Task.isCancelled ? .callerCancelled : .lastLook(.notSaved(order, error)))
        }
        let lane: Lane = answer.isReducing ? .reduce : .newOrder
        switch await courier.carry(parcel(entry, lane, sendBy)) {
        case .arrived(.answered(let order)):
            return try proven(known(clientID, or: order), cause: nil)
        case .arrived(.failed(let outcome, let error)):
            throw failure(entry, outcome, error)
        case .gaveUp:
            return try proven(known(clientID, or: entry.order), cause: nil)
        case .refused(let turned):
            return try withdraw(entry, turned)
        }
    }

    /// The order, if it is proven to be at the venue or to have been there.
    private func proven(_ order: Order, cause: (any Error)?) throws(GuardError) -> Order {
        if order.status.provesExistence { return order }
        guard order.status == .rejected else { throw .unknown(order, cause: cause) }
        throw GuardError(
            code: .rejected, message: "the venue did not take \(order.clientID?.rawValue ?? "the order")",
            reasons: ["rejected"], order: order, cause: cause)
    }

    private func parcel(_ entry: LedgerEntry, _ lane: Lane, _ sendBy: MonotonicInstant) -> Parcel<Order> {
        let clientID = entry.clientID
        var parcel = Parcel<Order>(
            BrokerCall(.place, symbol: entry.request.symbol, order: entry.request), lane: lane,
            // What only reduces passes the breaker: a breaker never stands between a bot and less risk.
            breaker: lane == .newOrder ? orderBreaker : nil,
            sendBy: sendBy, timeout: configuration.orderTimeout
        ) { try await $0.place(entry.request) }
        if let cancelBudget, lane == .newOrder {
            let newcomer = CancelBudget.Entry(symbol: entry.request.symbol, target: .client(clientID))
            parcel.leaving = { [ledger] now in
                let book = ledger.active.filter { $0.clientID != clientID }.map { entry in
                    CancelBudget.Entry(symbol: entry.request.symbol, target: .client(entry.clientID))
                }
                return cancelBudget.leaving(for: newcomer, beside: book, at: now)
            }
        }
        parcel.lastLook = { [self] now in lastLook(entry, now) }
        parcel.onGivenUp = { [self] in
            evidence.apply(.gaveUp, to: clientID)
            resolver.resolve(clientID)
        }
        parcel.settle = { [self] arrival in settle(entry, arrival) }
        return parcel
    }

    private func lastLook(_ entry: LedgerEntry, _ now: MonotonicInstant) -> GuardError? {
        let overtaken = GuardError(
            code: .notSent, message: "the order was cancelled, or found at the venue, before it was sent",
            order: entry.order)
        // The gate is asked only for what is still to be sent: its refusal would free what counts already.
        guard isPrepared(entry) else { return overtaken }
        let answer = gate.handOver(entry.clientID)
        consequences.follow(answer.changes)
        if let denial = answer.denial { return isPrepared(entry) ? GuardError(denial) : overtaken }
        switch ledger.send(entry.clientID, at: now, within: openLimits) {
        case .sent(let changes): consequences.follow(changes)
        case .overtaken: return overtaken
        case .full(let full): return Self.tooManyOpen(full, entry)
        }
        return nil
    }

    /// The venue refuses an order beyond its limits on open ones; so it is not sent.
    private static func tooManyOpen(_ full: OpenOrderLimits.Full, _ entry: LedgerEntry) -> GuardError {
        let symbol = full.limit.isPerSymbol ? " of \(entry.request.symbol)" : ""
        return GuardError(
            code: .denied,
            message: "\(full.open) orders\(symbol) may be open, and the venue takes at most \(full.limit.limit) "
                + "(\(full.limit.name)); cancel one, or wait until one has ended",
            reasons: ["open_orders_limit"], order: entry.order)
    }

    private func isPrepared(_ entry: LedgerEntry) -> Bool {
        ledger.entry(entry.clientID)?.order.status == .prepared
    }

    /// What came back for an order, in time or late: from here on it is evidence like any other.
    private func settle(_ entry: LedgerEntry, _ arrival: Arrival<Order>) {
        switch arrival {
        case .answered(let order):
            evidence.acknowledged(order, as: entry.clientID)
            // An answer that says neither yes nor no leaves the order in doubt like no answer at all.
            guard ledger.entry(entry.clientID)?.order.status.isInDoubt == true else { return }
            evidence.apply(.gaveUp, to: entry.clientID)
            resolver.resolve(entry.clientID)
        case .failed(let outcome, _) where outcome.isProofOfNoEffect(for: .place):
            evidence.apply(.refused, to: entry.clientID)
        case .failed:
            evidence.apply(.gaveUp, to: entry.clientID)
            resolver.resolve(entry.clientID)
        }
    }

    private func failure(_ entry: LedgerEntry, _ outcome: Outcome, _ error: any Error) -> GuardError {
        let order = known(entry.clientID, or: entry.order)
        guard outcome.isProofOfNoEffect(for: .place) else { return .unknown(order, cause: error) }
        return GuardError(
            code: outcome == .notSent ? .notSent : .rejected,
            message: "the venue did not take \(entry.clientID): \(outcome.name)", reasons: [outcome.name],
            until: outcome.until, order: order, cause: error)
    }

    /// Takes an order back that was never handed over, and says why.
    ///
    /// One that the venue has shown meanwhile, because it was placed before this process began, is returned instead.
    private func withdraw(_ entry: LedgerEntry, _ turned: Turned) throws -> Order {
        let status: OrderStatus = turned.isLate ? .expired : .cancelled
        consequences.follow(ledger.apply(.withdrawn(as: status), to: entry.clientID))
        if let found = ledger.entry(entry.clientID), !found.isUnsent { return found.order }
        gate.giveBack(entry.clientID)
        ledger.discard(entry.clientID)
        throw turned.error(for: entry.order)
    }
}
