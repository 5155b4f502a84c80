import SeawallBroker
import SeawallTime
import Testing

@Suite struct VenueProfileCostsTests {
    private let profile = VenueProfile(
        name: "mine", identity: .unchecked,
        limits: [
            LimitRule(name: "pair", scope: .symbol, counts: .order, shape: .decay, limit: 60, window: .zero, decay: 1),
            LimitRule(
                name: "calls", scope: "counter", counts: .weight, shape: .decay, limit: 9, window: .zero, decay: 1),
            LimitRule(name: "all", scope: .account, counts: .weight, shape: .rolling, limit: 9, window: .seconds(1)),
        ],
        costs: [.place: ["pair": 1], .amend: ["pair": 1], .balances: ["calls": 1]],
        costsByAge: [
            .cancel: ["pair": [AgeCost(under: .seconds(5), cost: 8), AgeCost(under: .seconds(10), cost: 6)]],
            .amend: ["pair": [AgeCost(under: .seconds(5), cost: 3)]],
            .cancelMany: ["pair": [AgeCost(under: .seconds(5), cost: 8), AgeCost(under: .seconds(10), cost: 6)]],
        ])

    @Test func theAgeOfTheOrderDecidesWhatAChangeCosts() {
        func cost(_ operation: BrokerOperation, _ ages: [Duration?]) -> [String: Int] {
            profile.cost(of: BrokerCall(operation, symbol: "XBTUSD"), ages: ages)
        }
        #expect(cost(.cancel, [.zero]) == ["pair": 8])
        #expect(cost(.cancel, [.seconds(5) - .nanoseconds(1)]) == ["pair": 8])
        #expect(cost(.cancel, [.seconds(5)]) == ["pair": 6])
        #expect(cost(.cancel, [.seconds(10)]) == [:])
        #expect(cost(.cancel, [nil]) == ["pair": 8])
        #expect(cost(.cancel, []) == [:])
        #expect(cost(.amend, [.seconds(1)]) == ["pair": 4])
        #expect(cost(.amend, [.seconds(6)]) == ["pair": 1])
        #expect(cost(.cancelMany, [.seconds(1), .seconds(6), .seconds(60), nil]) == ["pair": 22])
        #expect(cost(.place, [.zero]) == ["pair": 1])
    }

    @Test func aCallFallsUnderWhatItIsChargedToAndUnderItsAddressAndAccount() {
        func scopes(_ operation: BrokerOperation, _ symbol: Symbol?) -> [LimitScope] {
            profile.scopes(of: BrokerCall(operation, symbol: symbol))
        }
        #expect(scopes(.ticker, "XBTUSD") == [.account, .ip])
        #expect(scopes(.balances, nil) == [.account, "counter", .ip])
        #expect(scopes(.place, "XBTUSD") == [.account, .ip, .symbol, "symbol:XBTUSD"])
        #expect(scopes(.cancel, "XBTUSD") == [.account, .ip, .symbol, "symbol:XBTUSD"])
        #expect(scopes(.cancel, nil) == [.account, .ip, .symbol])
    }
}
