public import SeawallBroker
internal import SeawallRateLimit
internal import SeawallTime

extension GuardedBroker {
    /// Cancels an order, by either id, and returns it as it ended.
    ///
    /// A cancel is tried again until it is proven, for `LayerConfiguration.cancelPatience` at most: cancelling twice does
    /// no harm. It passes every pause and every breaker and waits only for the venue's own limits. "No such order" is
    /// settled by a question, never taken for cancelled nor for alive. An order that was not sent yet is withdrawn.
    ///
    /// Where the venue cancels by its own id alone and that is not known yet, the order is looked for meanwhile, and the
    /// cancel goes out as soon as it has a name.
    ///
    /// - Throws: `GuardError`; `CancellationError` when the task is cancelled.
    public func cancel(_ target: OrderTarget, symbol: Symbol) async throws -> Order {
        if let order = ended(target) { return order }
        let patience = time.now.advanced(by: configuration.cancelPatience)
        var tries = 0
        while true {
            tries += 1
            let wasNamed = venueName(of: target) != nil
            let isFirst = tries == 1
            let order = try await cancelTries.join(named(target, symbol)) { departs in
                try await tryCancel(target, symbol, patience, isFirst: isFirst, departs)
            }
            if let order { return order }
            if let order = ledger.entry(target)?.order, order.status.isTerminal { return order }
            if !wasNamed, venueName(of: target) != nil { continue }
            var delay = resolver.delay(afterTry: tries)
            // Its own answer is about to name it.
            if !wasNamed, ledger.entry(target)?.order.status == .sent { delay = min(delay, Self.nameLook) }
            let wake = time.now.advanced(by: delay)
            guard wake < patience else { throw unproven(target) }
            if wasNamed { try await time.sleep(until: wake) } else { try await waitForName(of: target, until: wake) }
        }
    }

    /// One name for an order, whichever of its names it is asked by.
    private func named(_ target: OrderTarget, _ symbol: Symbol) -> CancelTriesCore.Name {
        CancelTriesCore.Name(target: ledger.entry(target).map { .client($0.clientID) } ?? target, symbol: symbol)
    }

    /// How often a cancel looks whether something has named its order.
    private static let nameLook = Duration.milliseconds(200)

    /// How long a cancel whose patience is over may take to go out.
    private static let lastTry = Duration.seconds(1)

    /// The name by which the venue takes a cancel of an order; nil while it is not known.
    func venueName(of target: OrderTarget) -> OrderTarget? {
        let takesClientIDs = capabilities.contains(.cancelByClientID)
        // The venue's id may be that of a leg that an amend has replaced.
        if profile.amendReplaces, takesClientIDs, let entry = ledger.entry(target) { return .client(entry.clientID) }
        guard case .client = target, !takesClientIDs else { return target }
        return ledger.entry(target)?.order.venueID.map(OrderTarget.venue)
    }

    /// Looks for an order that cannot be cancelled yet for want of the venue's name of it.
    private func seekName(_ target: OrderTarget, _ symbol: Symbol) async throws -> Order? {
        courier.metrics.cancelWaits()
        if ledger.entry(target)?.order.status == .sent { return nil }
        let error = GuardError(code: .noSuchOrder, message: "no list of the venue shows it")
        // Whatever names it first: lists take their time, and the stream may be quicker.
        return try await withThrowingTaskGroup(of: Order?.self) { group in
            group.addTask { try await self.question(target, symbol, error) }
            group.addTask {
                try await self.waitForName(of: target, until: .distantFuture)
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }

    /// Waits until the venue's name of an order is known, or the order has ended, or it is `end`.
    private func waitForName(of target: OrderTarget, until end: MonotonicInstant) async throws {
        while time.now < end, venueName(of: target) == nil, ledger.entry(target)?.order.status.isTerminal != true {
            try await time.sleep(until: min(end, time.now.advanced(by: Self.nameLook)))
        }
    }

    /// The order, if it has ended, or if it could be withdrawn before it was sent.
    func ended(_ target: OrderTarget) -> Order? {
        guard let entry = ledger.entry(target) else { return nil }
        if entry.order.status.isTerminal { return entry.order }
        let withdrawn = ledger.apply(.withdrawn(as: .cancelled), to: entry.clientID)
        guard !withdrawn.isEmpty else { return nil }
        gate.giveBack(entry.clientID)
        consequences.follow(withdrawn)
        var order = entry.order
        order.status = .cancelled
        return order
    }

    /// One try: the order if it has ended, nil if it is worth another try.
    private func tryCancel(
        _ target: OrderTarget, _ symbol: Symbol, _ patience: MonotonicInstant, isFirst: Bool,
        _ departs: @escaping @Sendable () -> Void
    ) async throws -> Order? {
        guard let named = venueName(of: target) else { return try await seekName(target, symbol) }
        var parcel = cancelParcel(BrokerCall(.cancel, symbol: symbol, targets: [named])) {
            try await $0.cancel(named, symbol: symbol)
        }
        parcel.settle = { [self] arrival in
            if case .answered(let order) = arrival { evidence.seen(order, answering: target) }
        }
        parcel.lastLook = { _ in
            departs()
            return nil
        }
        switch await carry(parcel, until: patience) {
        case .arrived(.answered(let order)):
            let known = ledger.entry(target)?.order ?? order
            return known.status.isTerminal ? known : nil
        case .arrived(.failed(.noSuchOrder, let error)):
            return try await question(target, symbol, error)
        case .arrived(.failed(let outcome, let error)) where outcome.isFinalForCancel:
            throw GuardError(
                code: .rejected, message: "the venue refuses to cancel \(target): \(outcome.name)",
                reasons: [outcome.name], order: ledger.entry(target)?.order, cause: error)
        case .arrived(.failed):
            return nil
        case .gaveUp:
            try Task.checkCancellation()
            return nil
        case .refused(let turned):
            // An earlier try was sent: that nothing more went out proves nothing.
            if turned.isLate, !isFirst { throw unproven(target) }
            throw turned.error(for: ledger.entry(target)?.order)
        }
    }

    /// Settles "no such order": filled, cancelled, not arrived yet, or never there.
    private func question(_ target: OrderTarget, _ symbol: Symbol, _ error: any Error) async throws -> Order? {
        switch await resolver.ask(target, symbol: symbol, origin: .bot) {
        case .found(let order):
            let known = ledger.entry(target)?.order ?? order
            return known.status.isTerminal ? known : nil
        case .absent:
            if ledger.entry(target) != nil { return nil }
            throw GuardError(
                code: .noSuchOrder, message: "the venue knows no order \(target) of \(symbol)", cause: error)
        case .noAnswer:
            return nil
        }
    }

    /// What passes every breaker, in the lane of cancels.
    func cancelParcel<Answer: Sendable>(
        _ call: BrokerCall, _ make: @escaping @Sendable (any Broker) async throws -> Answer
    ) -> Parcel<Answer> {
        Parcel(call, lane: .cancel, timeout: configuration.orderTimeout, make: make)
    }

    /// Carries a cancel that waits until `patience` is over, and goes out then all the same if nothing holds it up.
    ///
    /// A machine that slept through all of it has not tried once, and a late cancel does no harm.
    func carry<Answer: Sendable>(
        _ parcel: Parcel<Answer>, until patience: MonotonicInstant
    ) async -> Carried<Answer> {
        var parcel = parcel
        parcel.sendBy = patience
        let carried = await courier.carry(parcel)
        guard case .refused(let turned) = carried, turned.isLate else { return carried }
        parcel.sendBy = time.now.advanced(by: Self.lastTry)
        return await courier.carry(parcel)
    }

    func unproven(_ target: OrderTarget) -> GuardError {
        GuardError(
            code: .outcomeUnknown,
            message:
                "the cancel of \(target) is not proven after \(configuration.cancelPatience)"
                + (venueName(of: target) == nil ? ", since the venue's id of the order is not known" : "")
                + "; the order still counts",
            order: ledger.entry(target)?.order)
    }
}

extension Outcome {
    /// True where another try of a cancel would be answered in the same way, or makes things worse.
    fileprivate var isFinalForCancel: Bool {
        switch self {
        case .rejected, .authentication: true
        case .succeeded, .notSent, .ambiguous, .overloaded, .rateLimited, .banned, .reduceCapacity, .noSuchOrder,
            .duplicate, .partial, .clockSkew, .venueMode, .sessionExpired, .callerCancelled:
            false
        }
    }
}
