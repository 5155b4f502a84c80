import SeawallBroker
import Testing

@testable import Seawall

@Suite struct SweepPricesTests {
    private static let orders = (0..<5).map {
        SweepOrder(target: .venue(VenueOrderID("\($0)")), venueID: VenueOrderID("\($0)"), symbol: "X", isKept: false)
    }

    private static func kinds(_ venue: VenueProfile, wholeSymbol: Bool = true) -> [SweepPrices.Kind] {
        SweepPrices(venue, capabilities: venue.capabilities)
            .calls(for: orders, symbol: "X", wholeSymbol: wholeSymbol).map(\.kind)
    }

    @Test func oneCallForTheSymbolWhereItCostsLess() {
        #expect(Self.kinds(.binanceUSDM) == [.all])
        var dear = VenueProfile.binanceUSDM
        dear.costs[.cancelAll] = ["request_weight_1m": 6]
        #expect(Self.kinds(dear) == [.together])
    }

    @Test func neverAllOfASymbolWhereSomeStay() {
        var venue = VenueProfile.binanceUSDM
        venue.cancelBatchSize = 2
        #expect(Self.kinds(venue, wholeSymbol: false) == [.together, .together, .each])
        venue.costs[.cancelMany] = ["request_weight_1m": 3]
        #expect(Self.kinds(venue, wholeSymbol: false) == Array(repeating: .each, count: 5))
    }

    @Test func aVenueWithoutEitherIsAskedOneByOne() {
        #expect(Self.kinds(.kraken) == Array(repeating: .each, count: 5))
    }

    @Test func whatHasNoNameAtTheVenueIsCancelledByOurs() {
        let ours = SweepOrder(target: .client("ours"), symbol: "X", isKept: false)
        let prices = SweepPrices(.binanceUSDM, capabilities: VenueProfile.binanceUSDM.capabilities)
        let calls = prices.calls(for: Self.orders + [ours], symbol: "X", wholeSymbol: true)
        #expect(calls.map(\.kind) == [.each, .all])
        #expect(calls.first?.orders == [ours])
    }
}
