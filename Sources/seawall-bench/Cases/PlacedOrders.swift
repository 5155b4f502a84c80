import Seawall
import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The market and the orders of the order cases.
struct PlacedOrders: Sendable {
    let market: SimulatedMarket
    private let buy: OrderRequest
    private let sell: OrderRequest

    init() throws {
        let rules = InstrumentRules(
            symbol: "BTCUSDT", tick: 0.01, lot: 0.001, minimumQuantity: 0.001, minimumNotional: 5, base: "BTC",
            quote: "USDT")
        market = try SimulatedMarket(rules, candles: .randomWalk(start: 20_000, seed: 1))
        buy = try .market(.buy, quantity: "0.01", of: "BTCUSDT")
        sell = try .market(.sell, quantity: "0.01", of: "BTCUSDT")
    }

    /// Buys and sells in turn, each an intent of its own.
    func order(_ index: Int) -> OrderRequest {
        var order = index.isMultiple(of: 2) ? buy : sell
        order.intent = IntentID("bench-\(index)")
        return order
    }
}
