import SeawallBroker
import SeawallTime
import Testing

@testable import SeawallDegradation

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Orders of somebody else on the account, who uses one client id for several of them, or has one replaced.
@Suite struct StrangersNamesTests {
    private enum News: CaseIterable { case oldWorking, oldCancelled, newWorking, oldFill, newFill }

    private func gate() throws -> OrderGate {
        let gate = OrderGate(environment: RuntimeEnvironment(time: ManualTime()))
        try gate.setPosition(0, of: "BTC")
        return gate
    }

    private func order(_ venueID: VenueOrderID, _ quantity: Decimal, _ status: OrderStatus = .working) -> Order {
        Order(
            venueID: venueID, clientID: "theirs", symbol: "BTC", side: .buy, quantity: quantity,
            type: .limit(price: 100), status: status)
    }

    private func fill(_ venueID: VenueOrderID, _ quantity: Decimal) -> Fill {
        Fill(
            id: FillID("f\(venueID)"), venueID: venueID, clientID: "theirs", symbol: "BTC", side: .buy,
            quantity: quantity, price: 100, fee: 0, feeAsset: "USDT", time: CivilInstant(millisecondsSinceEpoch: 1))
    }

    private func tell(_ news: News, _ gate: OrderGate) throws {
        switch news {
        case .oldWorking: try gate.apply(order("v1", 2))
        case .oldCancelled: try gate.apply(order("v1", 2, .cancelled))
        case .newWorking: try gate.apply(order("v2", 5))
        case .oldFill: try gate.apply(fill("v1", 1))
        case .newFill: try gate.apply(fill("v2", 2))
        }
    }

    /// A list shows the old order, then the news come in whatever order.
    @Test func anOrderThatIsReplacedUnderOneClientIDIsCountedAsWhatIsThere() throws {
        for news in Self.orders(of: [News.oldCancelled, .newWorking, .oldFill, .newFill]) {
            let gate = try gate()
            try tell(.oldWorking, gate)
            for news in news { try tell(news, gate) }
            let exposure = gate.exposure(of: "BTC")
            #expect(exposure.buying == 3, "\(news)")
            #expect(exposure.outstanding == [.venue("v2")], "\(news)")
            #expect(exposure.position == 3, "\(news)")
        }
    }

    @Test func twoThatWorkUnderOneClientIDAreBothCounted() throws {
        let gate = try gate()
        try tell(.oldWorking, gate)
        try tell(.newWorking, gate)
        #expect(gate.exposure(of: "BTC").buying == 7)
        try tell(.oldCancelled, gate)
        #expect(gate.exposure(of: "BTC").buying == 5)
        try gate.adopt(order("v3", 4))
        #expect(gate.exposure(of: "BTC").buying == 9)
    }

    /// One whose end was seen before it was known to be there holds back no other of its name.
    @Test func anIDThatIsUsedAgainIsAnotherOrder() throws {
        let gate = try gate()
        try gate.adopt(order("v1", 2))
        try tell(.oldCancelled, gate)
        #expect(gate.exposure(of: "BTC").buying == 0)
        try tell(.newWorking, gate)
        #expect(gate.exposure(of: "BTC").buying == 5)
    }

    @Test func anOrderOfOursStaysOneUnderAllItsNames() throws {
        let gate = try gate()
        let request = OrderRequest(
            symbol: "BTC", side: .buy, quantity: .base(2), type: .limit(price: 100), clientID: "theirs")
        #expect(gate.reserve(request, as: "theirs").denial == nil)
        #expect(gate.handOver("theirs").denial == nil)
        try tell(.oldWorking, gate)
        try gate.apply(order("v2", 2))
        #expect(gate.exposure(of: "BTC").buying == 2)
        #expect(gate.exposure(of: "BTC").outstanding == [.client("theirs")])
    }

    private static func orders(of news: [News]) -> [[News]] {
        guard news.count > 1 else { return [news] }
        return news.indices.flatMap { index in
            var rest = news
            let first = rest.remove(at: index)
            return orders(of: rest).map { [first] + $0 }
        }
    }
}
