import SeawallBroker
import SeawallDegradation
import SeawallTime

/// A gate and the truth beside it: the gate sends by its own lights, and hears of the truth late, twice and in disorder.
struct ExposureWorld {
    static let symbol: Symbol = "A"

    var gate: GateCore
    var venue: NaiveVenue
    var now = MonotonicInstant.origin
    private(set) var admittedBelowOpen = 0
    private(set) var deniedBelowOpen = 0

    init(position: Int, countsGroupsOnce: Bool = false) {
        gate = GateCore(countsGroupsOnce: countsGroupsOnce)
        gate.book.setPositions([Self.symbol: Int128(position)])
        venue = NaiveVenue(position: position)
    }

    var permission: Permission { gate.permission(for: OrderOrigin(symbol: Self.symbol), now: now) }

    mutating func restrict(_ isRestricted: Bool) {
        let key = CauseKey("test")
        if isRestricted {
            _ = gate.permissions.raise(
                key, level: .reduceOnly, release: .byHand, code: "test", message: "test", now: now)
        } else {
            _ = gate.permissions.release(key, now: now)
        }
    }

    /// Reserves in the book's own unit, as the gate does with a request.
    mutating func reserve(_ id: ClientOrderID, _ side: Side, _ quantity: Int, group: LinkID? = nil) -> Bool {
        let refusal = gate.book.refusal(
            symbol: Self.symbol, side: side, quantity: Int128(quantity), group: group, under: permission)
        if permission != .open {
            if refusal == nil { admittedBelowOpen += 1 } else { deniedBelowOpen += 1 }
        }
        guard refusal == nil else { return false }
        return gate.book.reserve(
            ExposureOrder(
                origin: OrderOrigin(symbol: Self.symbol), symbol: Self.symbol, side: side, phase: .reserved,
                total: Int128(quantity), group: group),
            as: .client(id))
    }

    /// Hands over what was reserved; true where it went out.
    mutating func send(_ id: ClientOrderID, _ side: Side, _ quantity: Int, group: LinkID? = nil) -> Bool {
        guard gate.book.handOver(.client(id), under: permission, now: now) == nil else { return false }
        venue.send(id, side, quantity, group: group, mustReduce: permission != .open)
        return true
    }

    mutating func hear(_ news: NaiveVenue.News) {
        switch news {
        case .fill(let id, let fill, let side, let quantity):
            _ = gate.book.apply(
                fill: fill, of: .client(id), symbol: Self.symbol, side: side, quantity: Int128(quantity))
        case .snapshot(let id, let total, let filled, let isOver):
            _ = gate.book.apply(
                snapshotOf: .client(id), total: Int128(total), filled: Int128(filled), isOver: isOver)
        }
    }

    /// What the gate knows must never promise more room than the truth has.
    var isSound: Bool {
        guard let position = gate.book.position(of: Self.symbol) else { return true }
        let low = position.subtractingSaturating(gate.book.remaining(of: Self.symbol, side: .sell))
        let high = position.addingSaturating(gate.book.remaining(of: Self.symbol, side: .buy))
        let truth = venue.envelope
        return low <= Int128(truth.low) && high >= Int128(truth.high)
    }
}
