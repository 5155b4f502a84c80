import Seawall
import SeawallChaos
import SeawallTime
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// However long a bot trades, the number of its series stays what it was.
@Suite struct SeriesGrowthTests {
    private static let symbols: [Symbol] = ["BTCUSDT", "ETHUSDT", "SOLUSDT"]

    private static let faults = [
        FaultAction(
            .lostAfter(.silence(for: .seconds(20))), on: FaultMatch(operations: [.place, .cancel]), probability: 0.05),
        FaultAction(
            .lostBefore(.reset(after: .milliseconds(50))), on: FaultMatch(operations: [.place, .openOrders, .fills]),
            probability: 0.05),
    ]

    private static func market(_ symbol: Symbol, _ seed: UInt64) throws -> SimulatedMarket {
        let rules = InstrumentRules(
            symbol: symbol, tick: 1, lot: Decimal(sign: .plus, exponent: -3, significand: 1),
            minimumQuantity: Decimal(sign: .plus, exponent: -3, significand: 1), minimumNotional: 5,
            base: Asset(rawValue: String(symbol.rawValue.dropLast(4))), quote: "USDT")
        return try SimulatedMarket(rules, candles: .randomWalk(start: 20_000, seed: seed))
    }

    /// One look at the market: a market order, and a resting one that is cancelled.
    private static func trade(_ layer: ReliabilityLayer, _ broker: some Broker, _ number: Int) async {
        let symbol = symbols[number % symbols.count]
        let side: Side = number / symbols.count % 2 == 0 ? .buy : .sell
        let quantity = OrderQuantity.base(Decimal(sign: .plus, exponent: -2, significand: 1))
        _ = try? await layer.phase(.fetchPositions) { try await broker.positions() }
        _ = try? await broker.place(
            OrderRequest(
                intent: IntentID("market-\(number)"), symbol: symbol, side: side, quantity: quantity, type: .market))
        let resting = try? await broker.place(
            OrderRequest(
                intent: IntentID("resting-\(number)"), symbol: symbol, side: side, quantity: quantity,
                type: .limit(price: side == .buy ? 1_000 : 90_000)))
        if let id = resting?.clientID { _ = try? await broker.cancel(.client(id), symbol: symbol) }
        layer.report(equity: Decimal(10_000 + number), positions: number % 3, limitUsage: ["daily_loss": 0.1])
    }

    @Test func aWeekOfTradingAddsNoSeries() throws {
        let counts = Lock((first: 0, last: 0, cycles: 0, bytes: 0))
        let report = try Simulation(seed: 5).run(for: .seconds(8 * 86_400)) { world in
            let venue = try world.venue(
                .binanceUSDM, markets: try Self.symbols.enumerated().map { try Self.market($1, UInt64($0)) })
            var layerConfiguration = LayerConfiguration()
            // By the default's 15 seconds the test would take minutes; what the poll does is the same.
            layerConfiguration.pollInterval = .seconds(300)
            let chaos = try world.chaos(venue, plan: FaultPlan(Self.faults))
            let guarded = try world.layer(venue: .binanceUSDM, broker: chaos, configuration: layerConfiguration)
            try chaos.report(to: guarded.layer.metrics)
            while (try? await guarded.layer.start(symbols: Self.symbols)) == nil {
                try await world.time.sleep(for: .seconds(1))
            }
            let metrics = guarded.layer.metrics
            for number in 0..<(7 * 24 * 6) {
                await guarded.layer.cycle { await Self.trade(guarded.layer, guarded.broker, number) }
                try await world.time.sleep(for: .seconds(600))
                if number == 6 { counts.withLock { $0.first = metrics.lineCount } }
            }
            let text = metrics.prometheusText()
            counts.withLock {
                $0.last = metrics.lineCount
                $0.cycles = Int(metrics.reading("cycle_number") ?? 0)
                $0.bytes = text.utf8.count
            }
            #expect(!text.contains("__overflow__"))
            #expect(
                (metrics.reading("order_submission_total", ["reason": "none", "result": "success", "side": "buy"]) ?? 0)
                    > 300)
            for id in guarded.layer.metrics.snapshot().counters.flatMap(\.labels.values) {
                #expect(!id.hasPrefix("sw") && !id.hasPrefix("market-") && !id.hasPrefix("resting-"))
            }
        }
        #expect(report.thrown == nil, "\(report)")
        let found = counts.withLock { $0 }
        #expect(found.cycles == 7 * 24 * 6)
        #expect(
            found.first > 0 && found.last == found.first, "after an hour \(found.first), after a week \(found.last)")
    }
}
