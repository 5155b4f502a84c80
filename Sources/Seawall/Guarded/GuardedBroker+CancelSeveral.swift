public import SeawallBroker
internal import SeawallTime

extension GuardedBroker {
    /// Cancels several orders of a symbol, each with a result in the order asked; the venue's own batch is used where it
    /// has one.
    ///
    /// Batches, and orders that cannot go in one, go side by side: none waits for the answer to another, and what holds up
    /// one leaves the others alone. An order that is named twice is cancelled once.
    ///
    /// - Throws: `CancellationError` when the task is cancelled; everything else is in the results.
    public func cancel(_ targets: [OrderTarget], symbol: Symbol) async throws -> [CancelResult] {
        let orders = targets.map { target in ledger.entry(target).map { OrderTarget.client($0.clientID) } ?? target }
        var results: [OrderTarget: CancelResult] = [:]
        var rest: [OrderTarget] = []
        for order in orders where results[order] == nil && !rest.contains(order) {
            if let end = ended(order) {
                results[order] = CancelResult(target: order, result: .success(end))
            } else {
                rest.append(order)
            }
        }
        let batches = batches(of: rest)
        let together = Set(batches.joined().map(\.target))
        async let alone = cancelEach(rest.filter { !together.contains($0) }, symbol)
        let batched = try await withThrowingTaskGroup(of: [OrderTarget: CancelResult].self) { group in
            for batch in batches { group.addTask { try await self.cancel(batch, symbol) } }
            return try await group.reduce(into: [:]) { $0.merge($1) { _, new in new } }
        }
        results.merge(batched) { _, new in new }
        results.merge(try await alone) { _, new in new }
        return zip(targets, orders).compactMap { target, order in
            results[order].map { CancelResult(target: target, result: $0.result) }
        }
    }

    /// Cancels every order of a symbol; what the venue's one call leaves in doubt is cancelled one by one.
    ///
    /// Orders that were not sent yet are withdrawn. What is placed while this goes on is left alone. Where no call of the
    /// venue cancels all, the layer's own orders are cancelled at once, and the venue's list is read meanwhile for those of
    /// others. Of orders that are not the layer's own the venue's answer is believed.
    ///
    /// - Throws: `CancellationError` when the task is cancelled; `GuardError` where nothing could be sent, and, of code
    ///   `outcomeUnknown`, where the list could not be read: orders of others may live then, and `message` says how many of
    ///   the layer's own are not proven to have ended.
    public func cancelAll(for symbol: Symbol) async throws -> [CancelResult] {
        let patience = time.now.advanced(by: configuration.cancelPatience)
        let known = ledger.active.filter { $0.order.symbol == symbol }.map { OrderTarget.client($0.clientID) }
        var results = known.compactMap { target in
            ended(target).map { CancelResult(target: target, result: .success($0)) }
        }
        var call = Together.unsent
        if capabilities.contains(.cancelAll) {
            call = try await cancelTogether(BrokerCall(.cancelAll, symbol: symbol), until: patience) {
                try await $0.cancelAll(for: symbol)
            }
            if case .refused(let error) = call { throw error }
        }
        results += call.results.filter { confirmedEnd($0) != nil }
        // Ours under both names once: what has ended by now needs no call, and tells its end.
        let done = Set(results.compactMap { ledger.entry($0.target)?.clientID })
        let ours = known.filter { target in ledger.entry(target).map { !done.contains($0.clientID) } ?? false }
        let wasSent = call.wasSent
        async let cancelled = cancelEach(ours, symbol, wasSent: wasSent)
        if case .answered(let answer) = call {
            let doubtful = answer.filter { confirmedEnd($0) == nil }.map(\.target)
            async let strangers = cancelStrangers(doubtful, symbol)
            let own = try await cancelled
            return results + ours.compactMap { own[$0] } + (try await strangers)
        }
        // Without an answer the venue's own list is the only place to learn of orders that are not the layer's.
        if !ours.isEmpty { try await time.sleep(for: Self.headStart) }
        let list = try await list(of: symbol, until: patience)
        // Whatever became of the list, the cancels go on to their ends.
        let own = try await cancelled
        results += ours.compactMap { own[$0] }
        switch list {
        case .read(let shown): return results + (try await cancelStrangers(shown, symbol))
        case .refused(let error) where ours.isEmpty && !wasSent: throw error
        case .refused(let error): throw unread(symbol, results, cause: error)
        case .unanswered: throw unread(symbol, results, cause: nil)
        }
    }

    /// What came of one call for several orders.
    private enum Together {
        case answered([CancelResult])
        /// It went out, and proves nothing of any of them.
        case unproven
        /// There is no such call, or it is too much for a limit: each by itself fits.
        case unsent
        /// It never was sent, and no other would be.
        case refused(any Error)

        var results: [CancelResult] {
            if case .answered(let results) = self { results } else { [] }
        }

        var wasSent: Bool {
            switch self {
            case .answered, .unproven: true
            case .unsent, .refused: false
            }
        }
    }

    /// What came of reading the venue's list of open orders.
    private enum OpenList {
        case read([OrderTarget])
        /// It never was sent.
        case refused(any Error)
        case unanswered
    }

    /// How much earlier what is known to live is cancelled than the venue is asked what else does: they are tasks of their
    /// own, and where a window has one place left, the cancel should have it.
    private static let headStart = Duration.milliseconds(10)

    /// An order, and the name by which the venue takes its cancel.
    private typealias NamedTarget = (target: OrderTarget, name: OrderTarget)

    /// As many orders in each as the venue takes in a call; none for an order that it has no name for yet.
    private func batches(of targets: [OrderTarget]) -> [[NamedTarget]] {
        guard targets.count > 1, capabilities.contains(.cancelMany) else { return [] }
        let named = targets.compactMap { target in venueName(of: target).map { NamedTarget(target, $0) } }
        let size = max(1, profile.cancelBatchSize)
        return stride(from: 0, to: named.count, by: size).map { Array(named[$0..<min($0 + size, named.count)]) }
    }

    /// Cancels a batch in one call, and one by one what that leaves in doubt.
    private func cancel(_ batch: [NamedTarget], _ symbol: Symbol) async throws -> [OrderTarget: CancelResult] {
        let names = batch.map(\.name)
        let patience = time.now.advanced(by: configuration.cancelPatience)
        let call = try await cancelTogether(
            BrokerCall(.cancelMany, symbol: symbol, targets: names), until: patience
        ) { try await $0.cancel(names, symbol: symbol) }
        var results: [OrderTarget: CancelResult] = [:]
        if case .refused(let error) = call {
            guard let error = error as? GuardError else { throw error }
            for order in batch {
                results[order.target] = CancelResult(
                    target: order.target, result: .failure(BrokerError(cancelFailed: error)))
            }
            return results
        }
        for result in call.results {
            guard let asked = batch.first(where: { $0.name == result.target }), let order = confirmedEnd(result)
            else { continue }
            results[asked.target] = CancelResult(target: asked.target, result: .success(order))
        }
        let doubtful = batch.map(\.target).filter { results[$0] == nil }
        let each = try await cancelEach(doubtful, symbol, wasSent: call.wasSent)
        return results.merging(each) { _, new in new }
    }

    /// The order of a result that proves its end; nil where it has to be cancelled by itself.
    private func confirmedEnd(_ result: CancelResult) -> Order? {
        guard case .success(let order) = result.result else { return nil }
        let known = ledger.entry(result.target)?.order ?? order
        return known.status.isTerminal ? known : nil
    }

    /// Cancels those that are not the layer's own.
    private func cancelStrangers(_ targets: [OrderTarget], _ symbol: Symbol) async throws -> [CancelResult] {
        let others = targets.filter { ledger.entry($0) == nil }
        let each = try await cancelEach(others, symbol)
        return others.compactMap { each[$0] }
    }

    /// What the venue shows as open; asked again until then.
    private func list(of symbol: Symbol, until patience: MonotonicInstant) async throws -> OpenList {
        var tries = 0
        while true {
            tries += 1
            let list = try await listOnce(symbol, patience)
            switch list {
            case .read: return list
            // An earlier try was sent: that nothing more went out proves nothing.
            case .refused: return tries == 1 ? list : .unanswered
            case .unanswered: break
            }
            let wake = time.now.advanced(by: resolver.delay(afterTry: tries))
            guard wake < patience else { return list }
            try await time.sleep(until: wake)
        }
    }

    private func unread(_ symbol: Symbol, _ own: [CancelResult], cause: (any Error)?) -> GuardError {
        let unproven = own.filter { if case .failure = $0.result { true } else { false } }
        return GuardError(
            code: .outcomeUnknown,
            message: "the venue's list of open orders of \(symbol) could not be read within "
                + "\(configuration.cancelPatience): \(own.count - unproven.count) of the layer's own have ended, "
                + "\(unproven.count) are not proven to, orders of others may live; ask again",
            reasons: unproven.map { "\($0.target)" }, cause: cause)
    }

    private func listOnce(_ symbol: Symbol, _ patience: MonotonicInstant) async throws -> OpenList {
        var orders: [Order] = []
        var next: PageCursor?
        var seen: Set<PageCursor> = []
        repeat {
            let from = next
            // A read in which cancels wait for names passes the breaker of reads as they do, and goes behind each of them:
            // where a window takes one call, the order that is known goes before the list of the rest.
            var parcel = cancelParcel(BrokerCall(.openOrders, symbol: symbol)) {
                try await $0.openOrders(for: symbol, page: from)
            }
            parcel.lane = .resolve
            switch await carry(parcel, until: patience) {
            case .arrived(.answered(let page)):
                for order in page.orders { evidence.seen(order) }
                orders += page.orders
                next = page.next
                // Pages that lead back to one before never end.
                if let next, !seen.insert(next).inserted { return .unanswered }
            case .arrived(.failed), .gaveUp:
                try Task.checkCancellation()
                return .unanswered
            case .refused(let turned):
                try Task.checkCancellation()
                // A later page that was not sent takes nothing back of the pages before.
                return from == nil ? .refused(turned.error(for: nil)) : .unanswered
            }
        } while next != nil
        return .read(orders.compactMap { $0.venueID.map(OrderTarget.venue) ?? $0.clientID.map(OrderTarget.client) })
    }

    /// One call for several orders.
    private func cancelTogether(
        _ call: BrokerCall, until patience: MonotonicInstant,
        _ make: @escaping @Sendable (any Broker) async throws -> [CancelResult]
    ) async throws -> Together {
        var parcel = cancelParcel(call, make)
        parcel.settle = { [self] arrival in
            guard case .answered(let results) = arrival else { return }
            for result in results {
                if case .success(let order) = result.result { evidence.seen(order, answering: result.target) }
            }
        }
        switch await carry(parcel, until: patience) {
        case .arrived(.answered(let results)):
            return .answered(results)
        case .arrived(.failed), .gaveUp:
            try Task.checkCancellation()
            return .unproven
        case .refused(.limited(let error)) where error.code == .weightOverBurst:
            return .unsent
        case .refused(let turned):
            return .refused(turned.error(for: nil))
        }
    }

    /// Cancels each by itself, side by side, so that one that is not answered holds up no other.
    ///
    /// - Parameter wasSent: a call for all of them went out before: that nothing more does proves nothing then.
    private func cancelEach(
        _ targets: [OrderTarget], _ symbol: Symbol, wasSent: Bool = false
    ) async throws -> [OrderTarget: CancelResult] {
        try await withThrowingTaskGroup(of: CancelResult.self) { group in
            for target in targets {
                group.addTask {
                    do {
                        let order = try await self.cancel(target, symbol: symbol)
                        return CancelResult(target: target, result: .success(order))
                    } catch let error as GuardError {
                        let isOpen = wasSent && (error.code == .notSent || error.code == .denied)
                        let told = isOpen ? self.unproven(target) : error
                        return CancelResult(target: target, result: .failure(BrokerError(cancelFailed: told)))
                    }
                }
            }
            var results: [OrderTarget: CancelResult] = [:]
            for try await result in group { results[result.target] = result }
            return results
        }
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
