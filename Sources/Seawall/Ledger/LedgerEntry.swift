internal import SeawallBroker
internal import SeawallDegradation
internal import SeawallTime

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// What the ledger knows of one intent.
struct LedgerEntry: Sendable {
    /// The request with its ids, as it was fixed when the intent was first placed.
    let request: OrderRequest

    /// The bot's name for it.
    let intent: IntentID

    /// The one client order id that every attempt carries.
    let clientID: ClientOrderID

    /// The order as far as it is proven; its status is the state.
    var order: Order

    /// When it was handed over, if it was.
    var sentAt: MonotonicInstant?

    /// False while the order counts quote and the venue has not said how much base that makes.
    private var isQuantityInBase: Bool

    /// What is known of its replacements, at a venue whose amends replace.
    var legs = OrderLegs()

    init(request: OrderRequest, intent: IntentID, clientID: ClientOrderID) {
        var fixed = request
        fixed.intent = intent
        fixed.clientID = clientID
        self.request = fixed
        self.intent = intent
        if case .base = request.quantity { isQuantityInBase = true } else { isQuantityInBase = false }
        self.clientID = clientID
        order = Order(
            clientID: clientID, intent: intent, symbol: request.symbol, side: request.side,
            quantity: request.quantity.amount, type: request.type, status: .prepared,
            isReduceOnly: request.isReduceOnly, group: request.group)
    }

    /// An entry of an earlier run of the process: of what is not proven the fate is unknown.
    init(_ journalled: JournalledIntent, now: MonotonicInstant) {
        self.init(request: journalled.request, intent: journalled.intent, clientID: journalled.clientID)
        sentAt = now
        if let known = journalled.order {
            order = known
            if known.status.provesExistence { isQuantityInBase = true }
            legs = OrderLegs(restoring: known)
        }
        if order.status == .prepared || order.status == .sent { order.status = .unknown }
    }

    /// True where neither we have sent the order nor the venue has shown it.
    var isUnsent: Bool {
        guard sentAt == nil, order.venueID == nil, order.filled == 0 else { return false }
        return order.status == .prepared || order.status.isTerminal
    }

    /// Applies what was learnt and returns the states passed through, in order.
    ///
    /// Evidence that an order exists wins over everything but its end; an end is never taken back, except a rejection
    /// that evidence of existence disproves, and any that a leg which took the order's place disproves. What cannot follow
    /// changes nothing.
    mutating func apply(_ event: LedgerEvent) -> [OrderStatus] {
        switch (order.status, event) {
        case (.prepared, .sent(let instant)):
            sentAt = instant
            return move(to: .sent)
        case (.prepared, .withdrawn(let status)):
            return move(to: status)
        case (.sent, .refused), (.unknown, .refused), (.unknown, .provenAbsent):
            return move(to: .rejected)
        case (.sent, .gaveUp):
            return move(to: .unknown)
        case (_, .acknowledged(let snapshot)), (_, .seen(let snapshot)):
            return adopt(snapshot)
        case (_, .replaced(let snapshot)):
            return takeOver(snapshot)
        case (_, .amendEnded):
            return completeIfFilled()
        case (_, .filled(let amount)):
            return addFills(amount)
        case (_, .sent), (_, .withdrawn), (_, .refused), (_, .gaveUp), (_, .provenAbsent):
            return []
        }
    }

    private mutating func adopt(_ snapshot: Order) -> [OrderStatus] {
        if snapshot.status == .rejected { return order.status.isInDoubt ? move(to: .rejected) : [] }
        guard snapshot.status.provesExistence else { return [] }
        var passed: [OrderStatus] = []
        if order.status.isInDoubt || order.status == .rejected || order.status == .prepared {
            passed += move(to: .acknowledged)
        }
        order.venueID = snapshot.venueID ?? order.venueID
        order.averagePrice = snapshot.averagePrice ?? order.averagePrice
        if !isOlder(snapshot) {
            isQuantityInBase = true
            order.quantity = snapshot.quantity
            order.type = snapshot.type
            order.updatedAt = snapshot.updatedAt ?? order.updatedAt
        }
        order.filled = max(order.filled, snapshot.filled)
        if !order.status.isTerminal, snapshot.status != .acknowledged { passed += move(to: snapshot.status) }
        return passed + completeIfFilled()
    }

    private mutating func takeOver(_ snapshot: Order) -> [OrderStatus] {
        // The new leg is the newest news, whatever the venue's clock says; the price is no one leg's average.
        order.updatedAt = snapshot.updatedAt
        order.averagePrice = nil
        var passed: [OrderStatus] = []
        if order.status.isTerminal, !snapshot.status.isTerminal { passed += move(to: .working) }
        return passed + adopt(snapshot)
    }

    private mutating func addFills(_ amount: Decimal) -> [OrderStatus] {
        guard amount > order.filled else { return [] }
        var passed: [OrderStatus] = []
        if order.status.isInDoubt || order.status == .rejected || order.status == .prepared {
            passed += move(to: .acknowledged)
        }
        if order.status == .acknowledged { passed += move(to: .working) }
        order.filled = amount
        return passed + completeIfFilled()
    }

    private mutating func completeIfFilled() -> [OrderStatus] {
        // The fills may be those of a leg that an amend has made, of which nothing else is known yet.
        let whole = max(order.quantity, legs.largestWanted ?? 0) + legs.beside
        guard isQuantityInBase, order.filled >= whole, order.status != .filled else { return [] }
        return move(to: .filled)
    }

    private func isOlder(_ snapshot: Order) -> Bool {
        guard let known = order.updatedAt, let new = snapshot.updatedAt else { return false }
        return new < known
    }

    private mutating func move(to status: OrderStatus) -> [OrderStatus] {
        guard order.status != status else { return [] }
        order.status = status
        return [status]
    }
}

extension OrderStatus {
    /// Handed over, and not answered so far.
    var isInDoubt: Bool { self == .sent || self == .unknown }

    /// A status that a venue gives only to an order that it has taken.
    var provesExistence: Bool {
        switch self {
        case .acknowledged, .working, .filled, .cancelled, .expired: true
        case .prepared, .sent, .rejected, .unknown: false
        }
    }
}
