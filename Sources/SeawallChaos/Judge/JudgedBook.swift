internal import Seawall

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// What the judge knows of positions and of orders that may still trade.
///
/// An order counts from its hand-over until the venue has ended it or the library was told that it never was: what the
/// library cannot know to be gone has to count, whatever became of it.
struct JudgedBook: Sendable {
    struct Outstanding: Sendable {
        var request: String
        var client: ClientOrderID?
        var origin: Origin
        var symbol: Symbol
        var side: Side
        var quantity: Decimal
        var filled: Decimal = 0
        var group: LinkID?
        var sentAt: MonotonicInstant
        var venue: VenueOrderID?
        var isForeign = false
    }

    private struct Amend: Sendable {
        var order: String
        var total: Decimal
        var sentAt: MonotonicInstant
    }

    private struct Query: Sendable {
        var target: String?
        var symbol: Symbol?
        var sentAt: MonotonicInstant
    }

    /// What one request has ended, until another one does: a new order may take its place within the same request.
    private struct Ended: Sendable {
        var request: String?
        var orders: [ClientOrderID: Outstanding] = [:]
    }

    /// Whose each order is that is being handed over.
    var origins: [String: Origin] = [:]

    private var conclusiveAfter = Duration.zero
    private var positions: [Symbol: Decimal] = [:]
    private var outstanding: [String: Outstanding] = [:]
    private var keyByName: [String: String] = [:]
    private var amends: [String: Amend] = [:]
    private var queries: [String: Query] = [:]
    private var lists = CompleteLists()
    private var ended = Ended()
    /// Positions that somebody else has moved a moment ago, as they were: nobody can have known yet.
    private var surprises: [Symbol: (position: Decimal, until: MonotonicInstant)] = [:]

    mutating func observe(_ record: RunRecord) {
        switch record.body {
        case .run(let header):
            positions = header.positions
            conclusiveAfter = header.conclusiveAfter
        case .request(let request): observe(request, record.at)
        case .reply(let reply): observe(reply)
        case .venue(let event): observe(event, record.at)
        default: break
        }
        for absence in lists.observe(record) { learn(absence) }
    }

    /// The order that a target means, by either id.
    func order(named name: String?) -> Outstanding? {
        name.flatMap { keyByName[$0] }.flatMap { outstanding[$0] }
    }

    /// The most of an order that may still trade, with every amend that may still come true.
    func worst(of order: Outstanding) -> Decimal {
        let most = amends.values.reduce(order.quantity) { most, amend in
            amend.order == order.request ? max(most, amend.total) : most
        }
        return max(0, most - order.filled)
    }

    /// How much the side may still trade without raising or flipping the position.
    func room(
        _ symbol: Symbol, _ side: Side, joining group: LinkID?, at now: MonotonicInstant, except request: String? = nil
    ) -> Decimal {
        var single: Decimal = 0
        var groups: [LinkID: Decimal] = [:]
        for order in outstanding.values
        where order.symbol == symbol && order.side == side && order.request != request && !order.isForeign {
            if let group = order.group {
                groups[group] = max(groups[group] ?? 0, worst(of: order))
            } else {
                single += worst(of: order)
            }
        }
        // Of a group only one member trades, so a new member takes no room that the group has already.
        if let group { groups[group] = nil }
        var closable = closable(positions[symbol] ?? 0, side)
        if let surprise = surprises[symbol], now < surprise.until {
            closable = max(closable, self.closable(surprise.position, side))
        }
        return max(0, closable - single - groups.values.reduce(0, +))
    }

    private func closable(_ position: Decimal, _ side: Side) -> Decimal {
        max(0, side == .sell ? position : -position)
    }

    private mutating func observe(_ request: RequestRecord, _ now: MonotonicInstant) {
        switch request.operation {
        case .place:
            let origin = origins.removeValue(forKey: request.id) ?? Origin(symbol: request.symbol)
            guard let symbol = request.symbol, let side = request.side, let quantity = request.quantity else { return }
            outstanding[request.id] = Outstanding(
                request: request.id, client: request.clientID, origin: origin, symbol: symbol, side: side,
                // What is counted in quote has no bound until the venue has said how much it is.
                quantity: request.isInQuote ? .greatestFiniteMagnitude : quantity, group: request.group, sentAt: now)
            if let client = request.clientID { keyByName[client.rawValue] = request.id }
        case .amend:
            guard let key = request.targets.first.flatMap({ keyByName[$0] }), let total = request.quantity else {
                return
            }
            amends[request.id] = Amend(order: key, total: total, sentAt: now)
        case .query, .openOrders, .history:
            queries[request.id] = Query(target: request.targets.first, symbol: request.symbol, sentAt: now)
        default: break
        }
    }

    private mutating func observe(_ reply: ReplyRecord) {
        if reply.provesNoEffect || reply.outcome == "no_such_order" { amends[reply.id] = nil }
        if reply.provesNoEffect, outstanding[reply.id]?.venue == nil { drop(reply.id) }
        if let query = queries.removeValue(forKey: reply.id) { learn(query, reply) }
    }

    /// Once nothing that was sent can arrive any more, the venue's answer about an order is the whole truth of it.
    private mutating func learn(_ query: Query, _ reply: ReplyRecord) {
        guard let target = query.target else {
            if reply.outcome == "succeeded" { settleAmends(shownBy: query) }
            return
        }
        guard let key = keyByName[target], let order = outstanding[key] else { return }
        if reply.outcome == "no_such_order", order.venue == nil,
            query.sentAt >= order.sentAt.advanced(by: conclusiveAfter)
        {
            drop(key)
        } else if reply.outcome == "succeeded" {
            amends = amends.filter {
                $0.value.order != key || query.sentAt < $0.value.sentAt.advanced(by: conclusiveAfter)
            }
        }
    }

    /// A list shows what amends have come to that were sent long before it was asked for.
    private mutating func settleAmends(shownBy list: Query) {
        guard !amends.isEmpty else { return }
        amends = amends.filter { _, amend in
            let isOther = list.symbol != nil && outstanding[amend.order]?.symbol != list.symbol
            return isOther || list.sentAt < amend.sentAt.advanced(by: conclusiveAfter)
        }
    }

    /// What neither works nor has ended, and can no longer arrive, never was.
    private mutating func learn(_ absence: CompleteLists.Absence) {
        let gone = outstanding.values.filter { order in
            order.venue == nil && absence.symbol.map { $0 == order.symbol } ?? true
                && absence.askedAt >= order.sentAt.advanced(by: conclusiveAfter)
        }
        for order in gone { drop(order.request) }
    }

    private mutating func observe(_ event: VenueEvent, _ now: MonotonicInstant) {
        if let symbol = event.symbol, let position = event.position {
            if event.kind == .foreign, let old = positions[symbol], old != position {
                surprises[symbol] = (old, now.advanced(by: conclusiveAfter + .seconds(30)))
            }
            positions[symbol] = position
        }
        switch event.kind {
        case .accepted, .foreign, .replaced: accept(event, now)
        case .filled, .amended: update(event)
        case .cancelled, .expired:
            let key = event.orderID.flatMap { keyByName[$0.rawValue] }
            if ended.request != event.request { ended = Ended(request: event.request) }
            if let order = key.flatMap({ outstanding[$0] }), let client = order.client { ended.orders[client] = order }
            drop(key)
        case .duplicate:
            // Its name is that of the order which was there before.
            guard let request = event.request, let order = event.orderID, let key = keyByName[order.rawValue] else {
                return
            }
            if request != key { drop(request) }
            if let client = event.clientID { keyByName[client.rawValue] = key }
        case .rejected, .limited, .banned, .arrived, .connected, .disconnected: break
        }
    }

    private mutating func accept(_ event: VenueEvent, _ now: MonotonicInstant) {
        guard let symbol = event.symbol, let side = event.side, let quantity = event.quantity,
            let remaining = event.remaining, let order = event.orderID
        else { return }
        let key = keyByName[order.rawValue] ?? event.request ?? "order \(order)"
        var known =
            outstanding[key]
            ?? Outstanding(
                request: key, client: event.clientID, origin: Origin(symbol: symbol), symbol: symbol, side: side,
                quantity: quantity, sentAt: now)
        if event.kind == .replaced, let old = event.replaces.flatMap({ replaced($0, by: event) }) {
            known.origin = old.origin
            known.group = old.group
            if let request = event.request { amends[request] = nil }
        }
        known.quantity = quantity
        known.filled = quantity - remaining
        known.venue = order
        known.isForeign = event.kind == .foreign
        outstanding[key] = known
        keyByName[order.rawValue] = key
        if let client = event.clientID { keyByName[client.rawValue] = key }
        if known.isForeign, remaining <= 0 { drop(key) }
    }

    /// The order that an amend has ended a moment before, or that works on where that half of it failed.
    private func replaced(_ client: ClientOrderID, by event: VenueEvent) -> Outstanding? {
        if ended.request == event.request, let old = ended.orders[client] { return old }
        return order(named: client.rawValue)
    }

    private mutating func update(_ event: VenueEvent) {
        guard let order = event.orderID, let key = keyByName[order.rawValue], let quantity = event.quantity,
            let remaining = event.remaining
        else { return }
        outstanding[key]?.quantity = quantity
        outstanding[key]?.filled = quantity - remaining
        if event.kind == .amended {
            if let request = event.request { amends[request] = nil }
        } else if remaining <= 0 {
            drop(key)
        }
    }

    private mutating func drop(_ key: String?) {
        guard let key, let order = outstanding.removeValue(forKey: key) else { return }
        amends = amends.filter { $0.value.order != key }
        for name in [order.client?.rawValue, order.venue?.rawValue].compactMap({ $0 }) where keyByName[name] == key {
            keyByName[name] = nil
        }
    }
}
