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
            if let order = try await tryCancel(target, symbol, patience, isFirst: tries == 1) { return order }
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

    /// Cancels several orders of a symbol, each with a result; the venue's own batch is used where it has one.
    public func cancel(_ targets: [OrderTarget], symbol: Symbol) async throws -> [CancelResult] {
        var ends: [OrderTarget: Order] = [:]
        for target in targets { ends[target] = ended(target) }
        let rest = targets.filter { ends[$0] == nil }
        if rest.count > 1, capabilities.contains(.cancelMany) {
            // By the names that the venue takes, as many in a call as it takes.
            let named = rest.compactMap { target in venueName(of: target).map { (target, $0) } }
            let size = max(1, profile.cancelBatchSize)
            for start in stride(from: 0, to: named.count, by: size) {
                let batch = named[start..<min(start + size, named.count)]
                let names = batch.map(\.1)
                let call = BrokerCall(.cancelMany, symbol: symbol, targets: names)
                let answer = try await cancelTogether(call) { try await $0.cancel(names, symbol: symbol) }
                for result in answer ?? [] {
                    guard let asked = batch.first(where: { $0.1 == result.target }) else { continue }
                    ends[asked.0] = confirmedEnd(result)
                }
            }
        }
        let unproven = try await cancelEach(targets.filter { ends[$0] == nil }, symbol)
        return targets.compactMap { target in
            ends[target].map { CancelResult(target: target, result: .success($0)) } ?? unproven[target]
        }
    }

    /// Cancels every order of a symbol; what the venue's one call leaves in doubt is cancelled one by one.
    ///
    /// Orders that were not sent yet are withdrawn. What is placed while this goes on is left alone.
    public func cancelAll(for symbol: Symbol) async throws -> [CancelResult] {
        let known = ledger.active.filter { $0.order.symbol == symbol }.map { OrderTarget.client($0.clientID) }
        var results = known.compactMap { target in
            ended(target).map { CancelResult(target: target, result: .success($0)) }
        }
        var doubtful: [OrderTarget] = []
        var answer: [CancelResult]?
        if capabilities.contains(.cancelAll) {
            answer = try await cancelTogether(BrokerCall(.cancelAll, symbol: symbol)) {
                try await $0.cancelAll(for: symbol)
            }
        }
        for result in answer ?? [] {
            if confirmedEnd(result) != nil { results.append(result) } else { doubtful.append(result.target) }
        }
        // Without an answer the venue's own list is the only place to learn of orders that are not the layer's.
        if answer == nil { doubtful += await openTargets(of: symbol) }
        // Ours under both names once: what has ended by now needs no call, and tells its end.
        let done = Set(results.compactMap { ledger.entry($0.target)?.clientID })
        let ours = known.filter { target in ledger.entry(target).map { !done.contains($0.clientID) } ?? false }
        let others = doubtful.filter { ledger.entry($0) == nil }
        let rest = ours + others
        let each = try await cancelEach(rest, symbol)
        return results + rest.compactMap { each[$0] }
    }

    /// How often a cancel looks whether something has named its order.
    private static let nameLook = Duration.milliseconds(200)

    /// How long a cancel whose patience is over may take to go out.
    private static let lastTry = Duration.seconds(1)

    /// The name by which the venue takes a cancel of an order; nil while it is not known.
    private func venueName(of target: OrderTarget) -> OrderTarget? {
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
    private func ended(_ target: OrderTarget) -> Order? {
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

    /// The order of a result that proves its end; nil where it has to be cancelled by itself.
    private func confirmedEnd(_ result: CancelResult) -> Order? {
        guard case .success(let order) = result.result else { return nil }
        let known = ledger.entry(result.target)?.order ?? order
        return known.status.isTerminal ? known : nil
    }

    /// The names of the orders that the venue shows as open; none where it does not answer.
    private func openTargets(of symbol: Symbol) async -> [OrderTarget] {
        var targets: [OrderTarget] = []
        var next: PageCursor?
        repeat {
            guard let page = try? await openOrders(for: symbol, page: next) else { return targets }
            for order in page.orders {
                if let target = order.venueID.map(OrderTarget.venue) ?? order.clientID.map(OrderTarget.client) {
                    targets.append(target)
                }
            }
            next = page.next == next ? nil : page.next
        } while next != nil
        return targets
    }

    /// One try: the order if it has ended, nil if it is worth another try.
    private func tryCancel(
        _ target: OrderTarget, _ symbol: Symbol, _ patience: MonotonicInstant, isFirst: Bool
    ) async throws -> Order? {
        guard let named = venueName(of: target) else { return try await seekName(target, symbol) }
        var parcel = cancelParcel(BrokerCall(.cancel, symbol: symbol, targets: [named])) {
            try await $0.cancel(named, symbol: symbol)
        }
        parcel.settle = { [self] arrival in
            if case .answered(let order) = arrival { evidence.seen(order, answering: target) }
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

    private func cancelParcel<Answer: Sendable>(
        _ call: BrokerCall, _ make: @escaping @Sendable (any Broker) async throws -> Answer
    ) -> Parcel<Answer> {
        Parcel(call, lane: .cancel, timeout: configuration.orderTimeout, make: make)
    }

    /// Carries a cancel that waits until `patience` is over, and goes out then all the same if nothing holds it up.
    ///
    /// A machine that slept through all of it has not tried once, and a late cancel does no harm.
    private func carry<Answer: Sendable>(
        _ parcel: Parcel<Answer>, until patience: MonotonicInstant
    ) async -> Carried<Answer> {
        var parcel = parcel
        parcel.sendBy = patience
        let carried = await courier.carry(parcel)
        guard case .refused(let turned) = carried, turned.isLate else { return carried }
        parcel.sendBy = time.now.advanced(by: Self.lastTry)
        return await courier.carry(parcel)
    }

    /// One call for several orders; nil where it proves nothing of any of them.
    private func cancelTogether(
        _ call: BrokerCall, _ make: @escaping @Sendable (any Broker) async throws -> [CancelResult]
    ) async throws -> [CancelResult]? {
        var parcel = cancelParcel(call, make)
        parcel.settle = { [self] arrival in
            guard case .answered(let results) = arrival else { return }
            for result in results {
                if case .success(let order) = result.result { evidence.seen(order, answering: result.target) }
            }
        }
        switch await carry(parcel, until: time.now.advanced(by: configuration.cancelPatience)) {
        case .arrived(.answered(let results)):
            return results
        case .arrived(.failed), .gaveUp:
            try Task.checkCancellation()
            return nil
        // Too much for a limit in one call: each by itself fits.
        case .refused(.limited(let error)) where error.code == .weightOverBurst:
            return nil
        case .refused(let turned):
            throw turned.error(for: nil)
        }
    }

    /// Cancels each by itself, side by side, so that one that is not answered holds up no other.
    private func cancelEach(_ targets: [OrderTarget], _ symbol: Symbol) async throws -> [OrderTarget: CancelResult] {
        try await withThrowingTaskGroup(of: CancelResult.self) { group in
            for target in targets {
                group.addTask {
                    do {
                        let order = try await self.cancel(target, symbol: symbol)
                        return CancelResult(target: target, result: .success(order))
                    } catch let error as GuardError {
                        return CancelResult(target: target, result: .failure(BrokerError(cancelFailed: error)))
                    }
                }
            }
            var results: [OrderTarget: CancelResult] = [:]
            for try await result in group { results[result.target] = result }
            return results
        }
    }

    private func unproven(_ target: OrderTarget) -> GuardError {
        GuardError(
            code: .outcomeUnknown,
            message:
                "the cancel of \(target) is not proven after \(configuration.cancelPatience)"
                + (venueName(of: target) == nil ? ", since the venue's id of the order is not known" : "")
                + "; the order still counts",
            order: ledger.entry(target)?.order)
    }
}

extension BrokerError {
    /// What a cancel that failed says in the words of a result among several.
    fileprivate init(cancelFailed error: GuardError) {
        let delivery: Delivery =
            switch error.code {
            case .outcomeUnknown: .maybeSent
            case .notSent, .denied, .invalid: .notSent
            default: .answered
            }
        self.init(code: .answered, message: "\(error)", delivery: delivery, cause: error)
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
