internal import Seawall

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// The orders that work at the venue, and the positions, by the venue's own word.
struct LivingOrders: Sendable {
    private struct Living: Sendable {
        var client: ClientOrderID?
        var symbol: Symbol?
        var side: Side?
    }

    private var orders: [VenueOrderID: Living] = [:]
    private var positions: [Symbol: Decimal] = [:]

    mutating func begin(_ positions: [Symbol: Decimal]) { self.positions = positions }

    mutating func observe(_ event: VenueEvent) {
        if let symbol = event.symbol, let position = event.position { positions[symbol] = position }
        guard let order = event.orderID else { return }
        switch event.kind {
        case .accepted, .replaced:
            orders[order] = Living(client: event.clientID, symbol: event.symbol, side: event.side)
        case .cancelled, .expired: orders[order] = nil
        case .filled:
            if let remaining = event.remaining, remaining <= 0 { orders[order] = nil }
        case .arrived, .rejected, .amended, .duplicate, .limited, .banned, .foreign, .connected, .disconnected: break
        }
    }

    /// A living order that a cancel means.
    func order(of cancel: CallRecord) -> VenueOrderID? { cancel.targets.lazy.compactMap(order(named:)).first }

    /// The living order of a name.
    func order(named target: String) -> VenueOrderID? {
        orders.filter { $0.key.rawValue == target || $0.value.client?.rawValue == target }.keys.min()
    }

    /// The names of all orders of a symbol that live.
    func names(of symbol: Symbol?) -> [String] {
        orders.filter { $0.value.symbol == symbol }.map { $0.value.client?.rawValue ?? $0.key.rawValue }.sorted()
    }

    /// The oldest other order that lives under a client id.
    func another(than order: String, named client: ClientOrderID) -> String? {
        orders.filter { $0.key.rawValue != order && $0.value.client == client }.keys.min()?.rawValue
    }

    /// The living orders of a scope that are on a side on which there is nothing to reduce.
    func openingOrders(in scope: CauseScope, _ origins: [String: Origin]) -> [String] {
        let opening = orders.filter { order, living in
            let position = living.symbol.flatMap { positions[$0] } ?? 0
            let reduces = living.side == .sell ? position > 0 : position < 0
            return !reduces && scope.includes(origins[order.rawValue] ?? Origin(symbol: living.symbol))
        }
        return opening.keys.map(\.rawValue).sorted()
    }

    /// True for what may open: an order that its lane calls reducing is believed only where there is something to reduce.
    func isNewOrder(_ request: RequestRecord) -> Bool {
        guard request.operation == .place else { return request.lane == .newOrder }
        guard request.lane == .reduce, let symbol = request.symbol else { return true }
        let position = positions[symbol] ?? 0
        return request.side == .sell ? position <= 0 : position >= 0
    }
}
