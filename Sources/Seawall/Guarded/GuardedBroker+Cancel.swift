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
    /// - Throws: `GuardError`; `CancellationError` when the task is cancelled.
    public func cancel(_ target: OrderTarget, symbol: Symbol) async throws -> Order {
        if let entry = ledger.entry(target) {
            if entry.order.status.isTerminal { return entry.order }
            let withdrawn = ledger.apply(.withdrawn(as: .cancelled), to: entry.clientID)
            if !withdrawn.isEmpty {
                gate.giveBack(entry.clientID)
                consequences.follow(withdrawn)
                var order = entry.order
                order.status = .cancelled
                return order
            }
        }
        let patience = time.now.advanced(by: configuration.cancelPatience)
        var tries = 0
        while true {
            tries += 1
            if let order = try await tryCancel(target, symbol, patience) { return order }
            if let order = ledger.entry(target)?.order, order.status.isTerminal { return order }
            let wake = time.now.advanced(by: resolver.delay(afterTry: tries))
            guard wake < patience else { throw unproven(target) }
            try await time.sleep(until: wake)
        }
    }

    /// Cancels several orders of a symbol, each with a result; the venue's own batch is used where it has one.
    public func cancel(_ targets: [OrderTarget], symbol: Symbol) async throws -> [CancelResult] {
        guard !targets.isEmpty else { return [] }
        guard capabilities.contains(.cancelMany) else { return try await cancelEach(targets, symbol) }
        let parcel = cancelParcel(BrokerCall(.cancelMany, symbol: symbol, targets: targets)) {
            try await $0.cancel(targets, symbol: symbol)
        }
        return try await settleBatch(await courier.carry(parcel), else: { try await cancelEach(targets, symbol) })
    }

    /// Cancels every order of a symbol; what the venue's one call leaves in doubt is cancelled one by one.
    public func cancelAll(for symbol: Symbol) async throws -> [CancelResult] {
        let parcel = cancelParcel(BrokerCall(.cancelAll, symbol: symbol)) { try await $0.cancelAll(for: symbol) }
        return try await settleBatch(await courier.carry(parcel)) {
            let targets = ledger.live.filter { $0.order.symbol == symbol }.map { OrderTarget.client($0.clientID) }
            return try await cancelEach(targets, symbol)
        }
    }

    /// One try: the order if it has ended, nil if it is worth another try.
    private func tryCancel(_ target: OrderTarget, _ symbol: Symbol, _ patience: MonotonicInstant) async throws -> Order?
    {
        var parcel = cancelParcel(BrokerCall(.cancel, symbol: symbol, targets: [target])) {
            try await $0.cancel(target, symbol: symbol)
        }
        parcel.sendBy = patience
        parcel.settle = { [self] arrival in
            if case .answered(let order) = arrival { evidence.seen(order) }
        }
        switch await courier.carry(parcel) {
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

    private func cancelParcel<Answer: Sendable>(
        _ call: BrokerCall, _ make: @escaping @Sendable (any Broker) async throws -> Answer
    ) -> Parcel<Answer> {
        Parcel(
            call, lane: .cancel, sendBy: time.now.advanced(by: configuration.cancelPatience),
            timeout: configuration.orderTimeout, make: make)
    }

    private func settleBatch(
        _ carried: Carried<[CancelResult]>, else each: () async throws -> [CancelResult]
    ) async throws -> [CancelResult] {
        switch carried {
        case .arrived(.answered(let results)):
            for case .success(let order) in results.map(\.result) { evidence.seen(order) }
            return results
        case .arrived(.failed), .gaveUp:
            try Task.checkCancellation()
            return try await each()
        case .refused(let turned):
            throw turned.error(for: nil)
        }
    }

    private func cancelEach(_ targets: [OrderTarget], _ symbol: Symbol) async throws -> [CancelResult] {
        var results: [CancelResult] = []
        for target in targets {
            do {
                results.append(CancelResult(target: target, result: .success(try await cancel(target, symbol: symbol))))
            } catch let error as GuardError {
                let delivery: BrokerError.Delivery = error.code == .outcomeUnknown ? .maybeSent : .answered
                let failure = BrokerError(code: .answered, message: "\(error)", delivery: delivery, cause: error)
                results.append(CancelResult(target: target, result: .failure(failure)))
            }
        }
        return results
    }

    private func unproven(_ target: OrderTarget) -> GuardError {
        GuardError(
            code: .outcomeUnknown,
            message:
                "the cancel of \(target) is not proven after \(configuration.cancelPatience); the order still counts",
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
