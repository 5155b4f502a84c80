import SeawallBroker
import SeawallChaos
import SeawallTime
import Testing

@testable import Seawall

/// Nobody opens what the limits could not cancel.
@Suite struct CancelBudgetTests {
    /// 2,000 at once of a counter for each symbol, of which a cancel of a young order takes 400, and 30 calls a minute.
    private static let venue = VenueProfile(
        name: "dear", identity: .uniqueAmongOpen,
        limits: [
            LimitRule(
                name: "pair", scope: .symbol, counts: .order, shape: .decay, limit: 2_500, window: .seconds(250),
                decay: 10),
            LimitRule(name: "calls", scope: .ip, counts: .weight, shape: .rolling, limit: 1_000, window: .seconds(60)),
        ],
        costs: [.place: ["pair": 1, "calls": 1], .cancel: ["calls": 1], .ticker: ["calls": 1]],
        capabilities: [.queryByClientID, .cancelByClientID],
        costsByAge: [.cancel: ["pair": [AgeCost(under: .seconds(10), cost: 400)]]])

    private static func budget(_ profile: VenueProfile, ages: OrderAges? = nil) -> CancelBudget {
        CancelBudget(
            profile, capabilities: profile.capabilities, tariffs: Tariffs(profile, ages: ages ?? OrderAges()))
    }

    private static func entry(_ number: Int, _ symbol: Symbol = "A") -> CancelBudget.Entry {
        CancelBudget.Entry(symbol: symbol, target: .client(ClientOrderID("\(number)")))
    }

    @Test func eachOrderCostsByItsAgeAndThoseOfOtherSymbolsOnlyWhatAllShare() {
        let ages = OrderAges()
        ages.seen([.client("1")], at: .origin)
        let now = MonotonicInstant.origin.advanced(by: .seconds(20))
        let budget = Self.budget(Self.venue, ages: ages)
        let book = [Self.entry(1), Self.entry(2), Self.entry(3, "B"), Self.entry(4, "B")]
        // The first is old, the second and the newcomer are not known to be.
        #expect(budget.leaving(for: Self.entry(9), beside: book, at: now) == ["pair": 800, "calls": 5])
        #expect(budget.leaving(for: Self.entry(9, "C"), beside: book, at: now) == ["pair": 400, "calls": 5])
    }

    @Test func theCheapestCallsCount() {
        var profile = VenueProfile.binanceUSDM
        let book = (0..<35).map { Self.entry($0, "BTCUSDT") }
        func leaving() -> [String: Int] {
            Self.budget(profile).leaving(for: Self.entry(99, "BTCUSDT"), beside: book, at: .origin)
        }
        #expect(leaving() == ["request_weight_1m": 1])
        profile.capabilities.remove(.cancelAll)
        #expect(leaving() == ["request_weight_1m": 4])
        profile.capabilities.remove(.cancelMany)
        #expect(leaving() == ["request_weight_1m": 36])
    }

    @Test(arguments: [true, false])
    func anOrderThatCouldNotBeCancelledIsRefusedWhereThatIsAskedFor(isAsked: Bool) throws {
        var configuration = LayerConfiguration()
        configuration.keepsCancelBudget = isAsked
        configuration.limitShare = 1_000
        let capabilities: Set<BrokerCapability> = [.queryByClientID, .cancelByClientID]
        try Rig.run(venue: Self.venue, capabilities: capabilities, configuration: configuration) { rig in
            // What a process before this one may have used has fallen by then.
            try await rig.pass(.seconds(250))
            var placed = 0
            var refusal: GuardError?
            for number in 0..<12 where refusal == nil {
                refusal = try await rig.failure(of: Rig.buy(IntentID("\(number)")))
                if refusal == nil { placed += 1 }
            }
            guard isAsked else { return #expect(refusal == nil && placed == 12) }
            // Six times 400 and what placing took leave no 400 for a seventh.
            #expect(placed == 6)
            #expect(refusal?.code == .denied)
            #expect(refusal?.reasons.first == "cancel_budget")
            #expect(refusal?.message.contains("2800 of pair") == true, "\(String(describing: refusal))")
            // What lives can be cancelled at once, all of it.
            let start = rig.time.now
            for clientID in rig.base.orders.compactMap(\.clientID) {
                _ = try await rig.broker.cancel(.client(clientID), symbol: Rig.symbol)
            }
            #expect(start.duration(to: rig.time.now) < .seconds(1))
            #expect(try await rig.failure(of: Rig.buy("soon")) != nil)
            try await rig.pass(.seconds(60))
            _ = try await rig.broker.place(Rig.buy("later"))
        }
    }
}
