internal import SeawallBroker
internal import SeawallDegradation
internal import SeawallRateLimit
internal import SeawallTime

/// What a sweep sends, all of it in the lane of cancels and in the sweep's own episode.
extension Sweeper {
    /// How often a sweep looks whether a venue that takes nothing has come back.
    private static let frozenLook = Duration.seconds(1)

    /// Everything that the venue shows of the scope, and, while it may still show up, what of ours is under way; nil
    /// where the cause was released meanwhile.
    func list(_ plan: SweepPlan) async -> SweepListing? {
        var orders: [Order] = []
        var next: PageCursor?
        var askedAt: MonotonicInstant?
        var isComplete = true
        repeat {
            guard await thaw(plan) else { return nil }
            let from = next
            let asked = Lock(MonotonicInstant.origin)
            var parcel = parcel(BrokerCall(.openOrders, symbol: plan.symbol), plan) {
                try await $0.openOrders(for: plan.symbol, page: from)
            }
            parcel.lastLook = { [self] now in
                asked.withLock { $0 = now }
                return lastLook(plan)
            }
            guard case .arrived(.answered(let page)) = await courier.carry(parcel) else {
                isComplete = false
                break
            }
            askedAt = askedAt ?? asked.withLock { $0 }
            for order in page.orders { evidence.seen(order) }
            orders += page.orders
            next = page.next == from ? nil : page.next
            // A page that names itself as the next one says that there is more, and not where.
            if page.next != nil, next == nil { isComplete = false }
        } while next != nil
        guard isInForce(plan) else { return nil }
        return judge(orders, plan, isComplete: isComplete, askedAt: askedAt ?? time.now)
    }

    private func judge(
        _ shown: [Order], _ plan: SweepPlan, isComplete: Bool, askedAt: MonotonicInstant
    ) -> SweepListing {
        var orders = shown.filter { order in
            let own = order.names.lazy.compactMap { [ledger] in ledger.entry($0) }.first
            return !order.status.isTerminal && plan.covers(order.symbol, strategy: own?.request.strategy)
        }
        let names = Set(orders.flatMap(\.names))
        // What the list does not show may still be on its way, where the venue takes a cancel by our own name; and what was
        // seen to work, and not to end, is there whatever one list hides.
        let mayAppear = prices.takesClientIDs && askedAt < conclusiveFrom(of: plan)
        orders += ledger.live.map(\.order).filter { order in
            let isThere = order.status == .acknowledged || order.status == .working
            let hasName = prices.takesClientIDs || order.venueID != nil
            return (isThere && hasName || mayAppear && order.status == .unknown)
                && names.isDisjoint(with: order.names)
                && plan.covers(order.symbol, strategy: order.clientID.flatMap { ledger.entry($0)?.request.strategy })
        }
        let judged = plan.judge(orders) { [gate] in gate.exposure(of: $0).position }
        return SweepListing(orders: judged, isComplete: isComplete, askedAt: askedAt)
    }

    /// Cancels orders by whichever call costs least; each is told to the sweep when its cancel has come to an end.
    func cancel(_ orders: [SweepOrder], _ plan: SweepPlan) {
        let bySymbol = Dictionary(grouping: orders, by: \.symbol)
        for (symbol, group) in bySymbol.sorted(by: { $0.key < $1.key }) {
            for call in prices.calls(for: group, symbol: symbol, wholeSymbol: plan.coversWholeSymbols) {
                courier.environment.spawner.spawn { [self] in await cancel(call, plan) }
            }
        }
    }

    private func cancel(_ call: SweepPrices.Call, _ plan: SweepPlan) async {
        guard await thaw(plan) else { return }
        let targets = call.orders.map(\.target)
        let symbol = call.symbol
        switch call.kind {
        case .each:
            for order in call.orders {
                let end = await cancelOne(order, plan)
                apply(.cancelled(order.target, end), to: plan)
            }
            return
        case .together:
            await cancelTogether(BrokerCall(.cancelMany, symbol: symbol, targets: targets), plan) {
                try await $0.cancel(targets, symbol: symbol)
            }
        case .all:
            await cancelTogether(BrokerCall(.cancelAll, symbol: symbol), plan) { try await $0.cancelAll(for: symbol) }
        }
        // Which of them have ended, the next list says.
        for target in targets { apply(.cancelled(target, .done), to: plan) }
    }

    private func cancelOne(_ order: SweepOrder, _ plan: SweepPlan) async -> SweepCore.CancelEnd {
        let target = order.target
        var parcel = parcel(BrokerCall(.cancel, symbol: order.symbol, targets: [target]), plan) {
            try await $0.cancel(target, symbol: order.symbol)
        }
        parcel.settle = { [evidence] arrival in
            if case .answered(let order) = arrival { evidence.seen(order, answering: target) }
        }
        switch await courier.carry(parcel) {
        case .arrived(.failed(.rejected, _)), .arrived(.failed(.authentication, _)): return .refused
        case .arrived(.failed(.noSuchOrder, _)) where isThoughtToWork(target):
            // Its end was missed, and a question tells it; a venue that knows nothing of the order is not asked for ever.
            _ = await resolver.ask(target, symbol: order.symbol, origin: .library(episode: plan.episode))
            return isThoughtToWork(target) ? .refused : .done
        case .arrived, .gaveUp, .refused: return .done
        }
    }

    private func isThoughtToWork(_ target: OrderTarget) -> Bool {
        switch ledger.entry(target)?.order.status {
        case .acknowledged, .working: true
        default: false
        }
    }

    private func cancelTogether(
        _ call: BrokerCall, _ plan: SweepPlan,
        _ make: @escaping @Sendable (any Broker) async throws -> [CancelResult]
    ) async {
        var parcel = parcel(call, plan, make)
        parcel.settle = { [evidence] arrival in
            guard case .answered(let results) = arrival else { return }
            for result in results {
                if case .success(let order) = result.result { evidence.seen(order, answering: result.target) }
            }
        }
        _ = await courier.carry(parcel)
    }

    private func parcel<Answer: Sendable>(
        _ call: BrokerCall, _ plan: SweepPlan, _ make: @escaping @Sendable (any Broker) async throws -> Answer
    ) -> Parcel<Answer> {
        var parcel = Parcel<Answer>(
            call, lane: .cancel, origin: .library(episode: plan.episode), timeout: configuration.orderTimeout,
            make: make)
        parcel.lastLook = { [self] _ in lastLook(plan) }
        return parcel
    }

    /// Nothing goes out for a cause that was released, nor to a venue that takes nothing.
    private func lastLook(_ plan: SweepPlan) -> GuardError? {
        if isInForce(plan), !isFrozen(plan) { return nil }
        return GuardError(code: .denied, message: "the sweep of \(plan.key) does not go on now")
    }

    private func isFrozen(_ plan: SweepPlan) -> Bool {
        gate.permission(for: OrderOrigin(symbol: plan.symbol)) == .frozen
    }

    /// Waits while the venue takes nothing; false where the cause was released meanwhile.
    private func thaw(_ plan: SweepPlan) async -> Bool {
        while isInForce(plan) {
            guard isFrozen(plan) else { return true }
            do { try await time.sleep(for: Self.frozenLook) } catch { return false }
        }
        return false
    }
}
