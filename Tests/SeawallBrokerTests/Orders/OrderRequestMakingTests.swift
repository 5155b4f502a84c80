import SeawallBroker
import SeawallTime
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct OrderRequestMakingTests {
    @Test func textMakesOrders() throws {
        let limit = try OrderRequest.limit(.buy, quantity: "0.010", of: "BTCUSDT", at: "65000", intent: "entry-1")
        #expect(limit.quantity == .base(number("0.01")))
        #expect(limit.type == .limit(price: 65_000))
        #expect(limit.intent == "entry-1")
        let market = try OrderRequest.market(.sell, quantity: "2", of: "ETHUSDT")
        #expect(market.type == .market && market.side == .sell && market.symbol == "ETHUSDT")
        let stop = try OrderRequest.stop(.sell, quantity: "2", of: "ETHUSDT", trigger: "1800.5")
        #expect(stop.type == .stop(trigger: number("1800.5")))
    }

    @Test(arguments: ["", "0", "-1", "12abc", "1e3", "NaN"])
    func textThatIsNoNumberIsNamedEachTime(text: String) throws {
        let error = try #require(throws: BrokerError.self) {
            try OrderRequest.limit(.buy, quantity: text, of: "BTCUSDT", at: text)
        }
        #expect(error.code == .invalidRequest && error.delivery == .notSent)
        #expect((error.cause as? InvalidFields)?.fields.map(\.name) == ["quantity", "price"])
        #expect(throws: BrokerError.self) { try OrderRequest.market(.buy, quantity: text, of: "BTCUSDT") }
        #expect(throws: BrokerError.self) { try OrderRequest.stop(.buy, quantity: "1", of: "X", trigger: text) }
    }
}
