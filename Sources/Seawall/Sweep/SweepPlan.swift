internal import SeawallBroker
internal import SeawallDegradation

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// What a sweep sweeps, and what of it stays.
struct SweepPlan: Sendable {
    /// The id of the cause that it follows.
    let cause: String

    /// The cause itself.
    let key: CauseKey

    /// True where what only reduces a position stays at the venue: it protects.
    let keepsProtective: Bool

    var scope: CauseScope { key.scope }

    /// The episode of everything that is sent.
    var episode: String { "sweep:\(cause)" }

    /// The sweep that follows a cause; nil for a cause that sweeps nothing.
    init?(_ cause: Cause) {
        switch cause.code {
        case .killSwitch, .trip: keepsProtective = false
        case .guardTrip: keepsProtective = true
        default: return nil
        }
        self.cause = cause.record
        key = cause.key
    }

    /// The symbol that the scope is about; nil where it covers several.
    var symbol: Symbol? { if case .symbol(let symbol) = scope { symbol } else { nil } }

    /// True where every order of a symbol is covered that one order of it is: then one call may cancel them all.
    var coversWholeSymbols: Bool {
        switch scope {
        case .global, .account, .symbol: !keepsProtective
        case .strategy: false
        }
    }

    /// True for an order of the scope; whose strategy it is, the ledger knows of our own alone.
    func covers(_ symbol: Symbol, strategy: StrategyID?) -> Bool {
        switch scope {
        // The layer is the account's: whatever the venue shows is in it.
        case .global, .account: true
        case .symbol(let named): named == symbol
        case .strategy(let named): named == strategy
        }
    }

    /// The orders as the sweep means them: which go, and which stay because they protect.
    ///
    /// What the venue itself lets only reduce stays. Else an order stays where it closes the position, and all that stay
    /// together do not exceed it; where the position is not known none does.
    func judge(_ orders: [Order], position: (Symbol) -> Decimal?) -> [SweepOrder] {
        var left: [Symbol: Decimal] = [:]
        let inOrder = orders.sorted { lhs, rhs in
            // What the venue guards first, then stops: they are what protects.
            let ranks = (lhs.protectionRank, rhs.protectionRank)
            return ranks.0 != ranks.1 ? ranks.0 < ranks.1 : lhs.sweepName < rhs.sweepName
        }
        return inOrder.compactMap { order in
            guard let target = order.names.first else { return nil }
            var isKept = false
            if keepsProtective {
                let held = position(order.symbol) ?? 0
                let closes = order.side == .sell ? held > 0 : held < 0
                let free = left[order.symbol] ?? abs(held)
                isKept = order.isReduceOnly || (closes && order.remaining <= free)
                if isKept { left[order.symbol] = max(0, free - order.remaining) }
            }
            return SweepOrder(target: target, venueID: order.venueID, symbol: order.symbol, isKept: isKept)
        }
    }
}

extension Order {
    fileprivate var protectionRank: Int { isReduceOnly ? 0 : type.trigger != nil ? 1 : 2 }

    fileprivate var sweepName: String { names.first?.description ?? "" }
}

extension ReasonCode {
    /// A trip that leaves nothing at the venue.
    static let trip: ReasonCode = "trip"
    /// A trip that keeps what protects a position.
    static let guardTrip: ReasonCode = "guard_trip"
}
