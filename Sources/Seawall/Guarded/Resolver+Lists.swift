internal import SeawallBroker
internal import SeawallRateLimit
internal import SeawallTime

/// Evidence by complete lists, for venues that cannot be asked for an order by our own name of it.
///
/// All pages of open orders, then of the history, then the fills: an order that moves on meanwhile is met further on. A
/// page that fails, or that says there is more and is not full, leaves the pass without a conclusion.
extension Resolver {
    /// One list, as far as it could be read.
    private struct Pass: Sendable {
        var askedAt: MonotonicInstant?
        var found: Order?
        var isComplete = false
    }

    /// More pages than any account has: a list that never ends is no list.
    private static let mostPages = 10_000

    /// Looks for an order in everything that the venue shows of its symbol, and learns from what it finds.
    func search(_ clientID: ClientOrderID, symbol: Symbol, origin: RequestContext.Origin) async -> Answer {
        let open = await orders(BrokerCall(.openOrders, symbol: symbol), named: clientID, origin) { broker, page in
            try await broker.openOrders(for: symbol, page: page)
        }
        if let order = open.found { return .found(order) }
        guard open.isComplete, let askedAt = open.askedAt else { return .noAnswer }
        if courier.broker.capabilities.contains(.history) {
            let past = await orders(BrokerCall(.history, symbol: symbol), named: clientID, origin) { broker, page in
                try await broker.orderHistory(for: symbol, page: page)
            }
            if let order = past.found { return .found(order) }
            guard past.isComplete else { return .noAnswer }
        }
        guard await readFills(of: clientID, symbol: symbol, origin) else { return .noAnswer }
        if let order = ledger.entry(clientID)?.order, order.status.provesExistence { return .found(order) }
        return .absent(askedAt: askedAt)
    }

    private func orders(
        _ call: BrokerCall, named clientID: ClientOrderID, _ origin: RequestContext.Origin,
        _ read: @escaping @Sendable (any Broker, PageCursor?) async throws -> OrderPage
    ) async -> Pass {
        var pass = Pass()
        var next: PageCursor?
        for _ in 0..<Self.mostPages {
            let from = next
            let answer = await self.read(call, origin) { try await read($0, from) }
            guard let (page, askedAt) = answer else { return pass }
            pass.askedAt = pass.askedAt ?? askedAt
            if let order = page.orders.first(where: { $0.clientID == clientID }) {
                evidence.seen(order, answering: .client(clientID))
                pass.found = ledger.entry(clientID)?.order ?? order
                return pass
            }
            guard let following = page.next else {
                pass.isComplete = true
                return pass
            }
            guard following != from, page.orders.count >= profile.pageSize else { return pass }
            next = following
        }
        return pass
    }

    /// Counts every fill of the order; false where not all could be read.
    private func readFills(of clientID: ClientOrderID, symbol: Symbol, _ origin: RequestContext.Origin) async -> Bool {
        var cursor = ledger.entry(clientID)?.sentAt.flatMap { fillCursors.cursor(before: $0) }
        for _ in 0..<Self.mostPages {
            let from = cursor
            let answer = await read(BrokerCall(.fills, symbol: symbol), origin) {
                try await $0.fills(since: from, symbol: symbol)
            }
            guard let (page, _) = answer else { return false }
            for fill in page.fills where fill.clientID == clientID { evidence.filled(fill) }
            guard page.hasMore else { return true }
            guard let following = page.cursor, following != from else { return false }
            cursor = following
        }
        return false
    }

    private func read<Answer: Sendable>(
        _ call: BrokerCall, _ origin: RequestContext.Origin,
        _ make: @escaping @Sendable (any Broker) async throws -> Answer
    ) async -> (Answer, askedAt: MonotonicInstant)? {
        let askedAt = Lock(MonotonicInstant.origin)
        var parcel = Parcel<Answer>(
            call, lane: .resolve, origin: origin, timeout: configuration.readTimeout, make: make)
        parcel.lastLook = { now in
            askedAt.withLock { $0 = now }
            return nil
        }
        guard case .arrived(.answered(let answer)) = await courier.carry(parcel) else { return nil }
        return (answer, askedAt.withLock { $0 })
    }
}
