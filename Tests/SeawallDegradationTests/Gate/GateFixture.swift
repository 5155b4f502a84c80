import SeawallBroker
import SeawallDegradation
import SeawallTime

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A gate on manual time, and words to write orders in short.
struct GateFixture {
    static let symbol: Symbol = "BTCUSDT"

    let time = ManualTime()
    let gate: OrderGate

    init(position: Decimal? = nil, capabilities: Set<BrokerCapability> = [], account: AccountID? = nil) throws {
        gate = OrderGate(
            environment: RuntimeEnvironment(time: time), account: account, capabilities: capabilities)
        if let position { try gate.setPosition(position, of: Self.symbol) }
    }

    func restrict(_ level: Permission = .reduceOnly) {
        gate.pauses.raise("test", level: level, release: .whenCleared, code: "test", message: "a test restricts")
    }

    func open() { gate.pauses.clear("test") }

    static func order(
        _ side: Side, _ quantity: Decimal, group: LinkID? = nil, isReduceOnly: Bool = false,
        strategy: StrategyID? = nil, account: AccountID? = nil
    ) -> OrderRequest {
        OrderRequest(
            symbol: symbol, side: side, quantity: .base(quantity), type: .market, isReduceOnly: isReduceOnly,
            group: group, strategy: strategy, account: account)
    }

    @discardableResult
    func reserve(
        _ side: Side, _ quantity: Decimal, as id: ClientOrderID, group: LinkID? = nil, isReduceOnly: Bool = false,
        expires: MonotonicInstant? = nil
    ) -> GateAnswer<ClientOrderID> {
        gate.reserve(
            Self.order(side, quantity, group: group, isReduceOnly: isReduceOnly), as: id, expires: expires)
    }

    /// Reserves and hands over.
    @discardableResult
    func send(_ side: Side, _ quantity: Decimal, as id: ClientOrderID, group: LinkID? = nil) -> Bool {
        reserve(side, quantity, as: id, group: group).isAdmitted && gate.handOver(id).isAdmitted
    }

    static func fill(
        _ quantity: Decimal, _ side: Side, of clientID: ClientOrderID?, venueID: VenueOrderID = "v", id: FillID
    ) -> Fill {
        Fill(
            id: id, venueID: venueID, clientID: clientID, symbol: symbol, side: side, quantity: quantity, price: 1,
            fee: 0, feeAsset: "USDT", time: CivilInstant(millisecondsSinceEpoch: 0))
    }

    static func snapshot(
        _ status: OrderStatus, _ side: Side, _ quantity: Decimal, filled: Decimal, of clientID: ClientOrderID?,
        venueID: VenueOrderID? = nil
    ) -> Order {
        Order(
            venueID: venueID, clientID: clientID, symbol: symbol, side: side, quantity: quantity, filled: filled,
            type: .market, status: status)
    }

    var position: Decimal? { gate.exposure(of: Self.symbol).position }
    var capacity: Decimal { gate.exposure(of: Self.symbol).capacity }
}
