internal import Seawall

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// P2: while trading is restricted, nothing that can raise exposure is handed to the venue.
///
/// What may be handed over is worked out from the venue's truth: the position, and everything that still could trade on
/// the same side, whether it rests, is on its way, or may be. Decisive: an order asked for below `open`.
struct ReduceOnlyHolds: PromiseCheck {
    private struct Outstanding: Sendable {
        var request: String
        var symbol: Symbol
        var side: Side
        var quantity: Decimal
        var remaining: Decimal
        var group: LinkID?
        var isAtVenue = false

        /// The largest that may still trade, while an amend is on its way.
        var worst: Decimal
    }

    private struct Asked: Sendable {
        var strategy: StrategyID?
        var isCounted: Bool
    }

    let promise = Promise.reduceOnlyHolds
    private(set) var finding = Finding()

    private var causes = ActiveCauses()
    private var positions: [Symbol: Decimal] = [:]
    private var outstanding: [String: Outstanding] = [:]
    private var keyByVenue: [VenueOrderID: String] = [:]
    private var keyByClient: [ClientOrderID: String] = [:]
    private var asked: [String: Asked] = [:]
    private var amends: [String: String] = [:]

    mutating func observe(_ record: RunRecord) {
        switch record.body {
        case .run(let header): positions = header.positions
        case .call(let call) where call.operation == .place || call.operation == .amend: observe(call, record)
        case .request(let request) where request.operation == .place: place(request, record)
        case .request(let request) where request.operation == .amend: amend(request, record)
        case .reply(let reply): observe(reply)
        case .fault(let fault) where fault.fault == "lost_before": drop(fault.request)
        case .venue(let event): observe(event)
        case .layer(.permission(let change)): causes.apply(change)
        default: break
        }
    }

    private mutating func observe(_ call: CallRecord, _ record: RunRecord) {
        let isRestricted = causes.level(at: record.at, symbol: call.symbol, strategy: call.strategy) < .open
        if isRestricted { finding.checked += 1 }
        asked[call.id] = Asked(strategy: call.strategy, isCounted: isRestricted)
    }

    /// The level that holds for a request; a decision below `open` that no call announced is counted here.
    private mutating func level(_ request: RequestRecord, _ record: RunRecord) -> Permission {
        let call = request.call.flatMap { asked[$0] }
        let level = causes.level(at: record.at, symbol: request.symbol, strategy: call?.strategy)
        if level < .open, call?.isCounted != true { finding.checked += 1 }
        return level
    }

    private mutating func place(_ request: RequestRecord, _ record: RunRecord) {
        let level = level(request, record)
        guard let symbol = request.symbol, let side = request.side, let quantity = request.quantity else { return }
        if level < .reduceOnly {
            finding.accuse(record, "order \(request.id) was handed over under \(level.rawValue)")
        } else if level == .reduceOnly {
            let room = room(symbol, side, joining: request.group, except: nil)
            if quantity > room {
                finding.accuse(
                    record, "\(side.rawValue) \(quantity) \(symbol) (\(request.id)) under reduce-only, room for \(room)"
                )
            }
        }
        outstanding[request.id] = Outstanding(
            request: request.id, symbol: symbol, side: side, quantity: quantity, remaining: quantity,
            group: request.group, worst: quantity)
        if let client = request.clientID { keyByClient[client] = request.id }
    }

    private mutating func amend(_ request: RequestRecord, _ record: RunRecord) {
        let level = level(request, record)
        let named = request.targets.first ?? ""
        guard let key = keyByVenue[VenueOrderID(named)] ?? keyByClient[ClientOrderID(named)],
            var order = outstanding[key], let quantity = request.quantity
        else { return }
        let filled = order.quantity - order.remaining
        let wanted = max(0, quantity - filled)
        if level < .open, wanted > order.worst {
            let room = room(order.symbol, order.side, joining: order.group, except: key)
            if level < .reduceOnly || wanted > room {
                finding.accuse(record, "amend \(request.id) to \(quantity) under \(level.rawValue), room for \(room)")
            }
        }
        order.worst = max(order.worst, wanted)
        outstanding[key] = order
        amends[request.id] = key
    }

    /// How much the side may still trade without raising or flipping the position.
    private func room(_ symbol: Symbol, _ side: Side, joining group: LinkID?, except key: String?) -> Decimal {
        let position = positions[symbol] ?? 0
        let closes = side == .sell ? position > 0 : position < 0
        guard closes else { return 0 }
        var single: Decimal = 0
        var groups: [LinkID: Decimal] = [:]
        for (name, order) in outstanding where order.symbol == symbol && order.side == side && name != key {
            if let group = order.group {
                groups[group] = max(groups[group] ?? 0, order.worst)
            } else {
                single += order.worst
            }
        }
        // Of a group only one member trades, so a new member takes no room that the group has already.
        if let group { groups[group] = nil }
        return max(0, abs(position) - single - groups.values.reduce(0, +))
    }

    private mutating func observe(_ reply: ReplyRecord) {
        if let key = amends[reply.id], reply.event != .gaveUp {
            amends[reply.id] = nil
            if let order = outstanding[key] { outstanding[key]?.worst = order.remaining }
        }
        // A request that has come back and is not at the venue will never be.
        if reply.event != .gaveUp, outstanding[reply.id]?.isAtVenue == false { drop(reply.id) }
    }

    private mutating func observe(_ event: VenueEvent) {
        if let symbol = event.symbol, let position = event.position { positions[symbol] = position }
        switch event.kind {
        case .accepted:
            guard let request = event.request, outstanding[request] != nil, let order = event.orderID else { return }
            keyByVenue[order] = request
            outstanding[request]?.isAtVenue = true
        case .filled, .amended:
            guard let order = event.orderID, let key = keyByVenue[order] else { return }
            update(key, event)
        case .cancelled, .expired:
            guard let order = event.orderID, let key = keyByVenue[order] else { return }
            drop(key)
        case .rejected, .limited, .banned, .duplicate:
            drop(event.request)
        case .arrived, .replaced, .foreign:
            break
        }
    }

    private mutating func update(_ key: String, _ event: VenueEvent) {
        guard var order = outstanding[key], let remaining = event.remaining else { return }
        let filled = max(0, order.remaining - remaining)
        let isAmendOnItsWay = amends.values.contains(key)
        order.quantity = event.quantity ?? order.quantity
        order.remaining = remaining
        if event.kind == .filled {
            order.worst = max(remaining, isAmendOnItsWay ? order.worst - filled : remaining)
        } else {
            order.worst = isAmendOnItsWay ? max(order.worst, remaining) : remaining
        }
        if remaining <= 0, event.kind == .filled { drop(key) } else { outstanding[key] = order }
    }

    private mutating func drop(_ key: String?) {
        guard let key, let order = outstanding[key] else { return }
        _ = order
        outstanding[key] = nil
    }
}
