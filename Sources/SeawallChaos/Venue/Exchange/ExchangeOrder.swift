internal import SeawallBroker
internal import SeawallTime

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// An order as the exchange keeps it: whole lots, whole ticks.
struct ExchangeOrder: Sendable {
    /// The number of the order, from 1; it is the venue's name of it.
    let id: Int
    let market: Int
    let clientID: ClientOrderID?
    let side: Side
    let kind: OrderKind
    let timeInForce: TimeInForce
    let isPostOnly: Bool
    let isReduceOnly: Bool
    let group: LinkID?
    let replaces: ClientOrderID?
    let isForeign: Bool
    /// When the request that placed it arrived.
    let chargedAt: MonotonicInstant
    /// When queries and lists begin to see it.
    let visibleAt: MonotonicInstant

    var quantity: Int64
    var filled: Int64 = 0
    /// What was paid for the filled part, in ticks times lots.
    var cost: Int128 = 0
    var limit: Int64?
    var trigger: Int64?
    /// True once the trigger was reached; true from the start without one.
    var isTriggered: Bool
    /// True once the order has been at rest, from when on it makes liquidity and takes none.
    var hasRested = false
    var status: OrderStatus = .working
    var updatedAt: MonotonicInstant
    /// When it was placed or last amended, from when its age is counted.
    var changedAt: MonotonicInstant

    var remaining: Int64 { quantity - filled }
    var isWorking: Bool { status == .working }
}

/// How an exchange's order finds its price.
enum OrderKind: Hashable, Sendable {
    case market
    case limit
    case stop
    case stopLimit
}

/// A trade as the exchange keeps it.
struct ExchangeFill: Sendable {
    var order: Int
    var quantity: Int64
    var price: Int64
    var fee: Int128
    var time: MonotonicInstant
}
