import SeawallBroker
import SeawallTime

@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// One call of every kind to a broker with two working orders, and its answer as text.
enum EveryCall {
    static let symbol: Symbol = "BTC-USD"

    /// A broker with two working orders, `c1` and `c2` (`W1` and `W2` to the venue), two fills and something to answer for
    /// everything else.
    static func base() -> DeterministicBroker {
        let base = DeterministicBroker()
        base.update { answers in
            answers.orders = orders
            answers.fills = [fill("f1"), fill("f2")]
            answers.positions = [Position(symbol: symbol, quantity: 3)]
            answers.limits = [LimitUsage(name: "weight", used: 0, limit: 2_400)]
            answers.candles = [
                Candle(
                    openTime: CivilInstant(millisecondsSinceEpoch: 0), open: 1, high: 2, low: 1, close: 2, volume: 1)
            ]
        }
        return base
    }

    /// The two working orders.
    static let orders = ["1", "2"].map { number in
        Order(
            venueID: VenueOrderID("W" + number), clientID: ClientOrderID("c" + number), symbol: symbol, side: .buy,
            quantity: 1, type: .limit(price: 100), status: .working)
    }

    static func fill(_ id: FillID) -> Fill {
        Fill(
            id: id, venueID: "W1", clientID: "c1", symbol: symbol, side: .buy, quantity: 1, price: 100, fee: 0,
            feeAsset: "USDT", time: CivilInstant(millisecondsSinceEpoch: 0))
    }

    static func order(_ client: ClientOrderID) -> OrderRequest {
        OrderRequest(symbol: symbol, side: .buy, quantity: .base(1), type: .limit(price: 100), clientID: client)
    }

    /// Makes the call; its answer as text, which is the same for equal answers.
    static func make(
        _ operation: BrokerOperation, to broker: any Broker, page: PageCursor? = nil
    ) async throws -> String {
        let answer = try await answer(operation, of: broker, page: page)
        // A stream is told by its type alone.
        return [.marketStream, .userStream].contains(operation) ? "\(type(of: answer))" : "\(answer)"
    }

    /// Makes the call.
    static func answer(
        _ operation: BrokerOperation, of broker: any Broker, page: PageCursor? = nil
    ) async throws -> any Sendable {
        switch operation {
        case .place: try await broker.place(order("c9"))
        case .amend:
            try await broker.amend(AmendRequest(target: .client("c1"), symbol: symbol, quantity: 2))
        case .cancel: try await broker.cancel(.client("c1"), symbol: symbol)
        case .cancelMany: try await broker.cancel([.venue("W1"), .venue("W2")], symbol: symbol)
        case .cancelAll: try await broker.cancelAll(for: symbol)
        case .query: try await broker.order(.client("c1"), symbol: symbol)
        case .openOrders: try await broker.openOrders(for: symbol, page: page)
        case .history: try await broker.orderHistory(for: symbol, page: page)
        case .fills: try await broker.fills(since: nil, symbol: symbol)
        case .balances: try await broker.balances()
        case .positions: try await broker.positions()
        case .ticker: try await broker.tickers(for: [symbol])
        case .candles: try await broker.candles(for: symbol, interval: .seconds(60), limit: 5)
        case .depth: try await broker.depth(for: symbol, levels: 5)
        case .preview: try await broker.preview(order("c9"))
        case .rules: try await broker.rules(for: [symbol])
        case .status: try await broker.status()
        case .time: try await broker.serverTime()
        case .timer: try await broker.setDeadManTimer(.seconds(1), symbol: symbol)
        case .fees: try await broker.fees(for: symbol)
        case .permissions: try await broker.permissions()
        case .limits: try await broker.limits()
        case .marketStream: try await broker.marketEvents(for: [symbol])
        case .userStream: try await broker.userEvents()
        }
    }
}
