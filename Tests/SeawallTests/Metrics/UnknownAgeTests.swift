import SeawallBroker
import SeawallMetrics
import SeawallTime
import Testing

@testable import Seawall

/// How long orders have been unknown stays right, in whatever order the reader and the moves come.
@Suite struct UnknownAgeTests {
    private let time = ManualTime()
    private let ledger = OrderLedger(capacity: 10)
    private let sources = MetricsSources()
    private let registry: MetricsRegistry
    private let orders: OrderMetrics

    init() throws {
        let scope = try MetricsScope(LayerMetricsConfiguration(), time: time)
        registry = scope.registry
        orders = try OrderMetrics(scope)
        orders.watch(ledger, capacity: 10, sources, time)
    }

    private func oldest() -> Double? {
        sources.read()
        return registry.snapshot().gauges.first { $0.name.hasSuffix("orders_unknown_oldest_seconds") }?.value
    }

    /// Has the ledger send an order and lose its answer; the moves are the caller's to tell.
    private func lose(_ id: String) throws -> [LedgerChange] {
        let clientID = ClientOrderID(id)
        _ = ledger.open(try Rig.buy(IntentID(id)), intent: IntentID(id), clientID: clientID)
        return ledger.apply(.sent(at: time.now), to: clientID) + ledger.apply(.gaveUp, to: clientID)
    }

    @Test func anOrderThatBecomesUnknownWhileSomebodyReadsKeepsItsAge() throws {
        // Told before the reader has counted it.
        let change = LedgerChange(
            intent: "a", clientID: "a", venueID: nil, symbol: Rig.symbol, state: .unknown)
        orders.moved(change, at: time.now, isInherited: false)
        #expect(oldest() == 0)
        _ = try lose("a")
        time.advance(by: .seconds(400))
        #expect(oldest() == 400)
    }

    @Test func anEndThatWasToldBeforeTheBeginningLeavesNothing() throws {
        for change in try lose("a") { orders.moved(change, at: time.now, isInherited: false) }
        time.advance(by: .seconds(100))
        let changes = try lose("b")
        for change in ledger.apply(.provenAbsent, to: "b") { orders.moved(change, at: time.now, isInherited: false) }
        for change in changes { orders.moved(change, at: time.now, isInherited: false) }
        for change in ledger.apply(.provenAbsent, to: "a") { orders.moved(change, at: time.now, isInherited: false) }
        for change in try lose("c") { orders.moved(change, at: time.now, isInherited: false) }
        time.advance(by: .seconds(7))
        #expect(oldest() == 7)
        #expect(oldest() == 7)
    }

    @Test func aReadingBetweenAnEndAndItsTellingSwallowsNoResolution() throws {
        for change in try lose("a") { orders.moved(change, at: time.now, isInherited: false) }
        time.advance(by: .seconds(3))
        let end = ledger.apply(.provenAbsent, to: "a")
        #expect(oldest() == 0)
        for change in end { orders.moved(change, at: time.now, isInherited: false) }
        let resolution = registry.snapshot().histograms.first {
            $0.name.hasSuffix("order_resolution_seconds") && $0.labels == ["result": "absent"]
        }
        #expect(resolution?.count == 1 && resolution?.sum == 3)
    }
}
