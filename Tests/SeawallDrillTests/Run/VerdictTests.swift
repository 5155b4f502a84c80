import Seawall
import SeawallChaos
import Testing

@testable import seawall_drill

@Suite struct VerdictTests {
    @Test func nothingIsKeptByNeverBeingTried() {
        #expect(Verdict().outcome == .notTried)
        #expect(!Verdict().isFailure)
        #expect(Verdict(checked: 2, minimum: 3).outcome == .notTried)
        #expect(Verdict(checked: 2, minimum: 3).isFailure)
        #expect(Verdict(checked: 3, minimum: 3).outcome == .kept)
        #expect(!Verdict(checked: 3, minimum: 3).isFailure)
        #expect(Verdict(checked: 9, minimum: 3, broken: ["x"]).outcome == .broken)
        #expect(Verdict(checked: 9, minimum: 0, broken: ["x"]).isFailure)
    }

    @Test func minimumsGrowWithHoursAndSymbols() {
        var scenario = Scenario(name: "x", summary: "")
        scenario.rates = [.oneOrderPerIntent: 2.5]
        #expect(scenario.minimum(of: .oneOrderPerIntent, hours: 2, symbols: 3) == 15)
        #expect(scenario.minimum(of: .oneOrderPerIntent, hours: 0.01, symbols: 1) == 1)
        #expect(scenario.minimum(of: .nothingUnproven, hours: 2, symbols: 3) == 0)
        #expect(scenario.minimum(of: .sameSeedSameBytes, hours: 2, symbols: 3) == 1)
    }

    @Test func minimumsOfManySeedsAreTheirSum() {
        var scenario = Scenario(name: "x", summary: "")
        scenario.rates = [.oneOrderPerIntent: 2.5]
        scenario.least = [.tripActsOnce: 1]
        scenario.average = [.halfOpenEnds: 0.2]
        #expect(scenario.minimum(of: .oneOrderPerIntent, hours: 1, symbols: 1, seeds: 10) == 20)
        #expect(scenario.minimum(of: .tripActsOnce, hours: 0.5, symbols: 1, seeds: 10) == 10)
        #expect(scenario.minimum(of: .tripActsOnce, hours: 0.4, symbols: 1, seeds: 10) == 0)
        #expect(scenario.minimum(of: .halfOpenEnds, hours: 1, symbols: 1) == 0, "one seed need not show what is rare")
        #expect(scenario.minimum(of: .halfOpenEnds, hours: 1, symbols: 1, seeds: 10) == 0)
        #expect(scenario.minimum(of: .halfOpenEnds, hours: 1, symbols: 1, seeds: 100) == 6)
        #expect(scenario.minimum(of: .halfOpenEnds, hours: 1, symbols: 1, seeds: 10_000) == 1_865)
        #expect(scenario.minimum(of: .sameSeedSameBytes, hours: 1, symbols: 1, seeds: 10) == 10)
    }

    @Test func otherVenuesThanItsOwnAreHeldToLess() {
        var scenario = Scenario(name: "x", summary: "")
        scenario.rates = [.oneOrderPerIntent: 16]
        #expect(scenario.minimum(of: .oneOrderPerIntent, hours: 1, symbols: 1) == 16)
        #expect(scenario.minimum(of: .oneOrderPerIntent, hours: 1, symbols: 1, venue: "kraken") == 2)
        #expect(scenario.minimum(of: .oneOrderPerIntent, hours: 0.1, symbols: 1, venue: "kraken") == 1)
    }

    @Test func limitsAreTightByTurns() {
        let profile = VenueProfile.binanceUSDM
        var scenario = Scenario(name: "x", summary: "")
        scenario.limitDivisors = [1, 4]
        #expect(scenario.profile(profile, seed: 2).limits == profile.limits)
        #expect(scenario.profile(profile, seed: 3).limits != profile.limits)
    }

    @Test func everyPromiseIsTriedInSomeScenario() {
        for promise in Promise.allCases {
            #expect(Scenario.all.contains { $0.minimum(of: promise, hours: 1, symbols: 1) > 0 }, "\(promise)")
        }
    }

    @Test func everyPlanOfFaultsIsValid() throws {
        for scenario in Scenario.all {
            try scenario.faults.plan(seed: 1, length: .seconds(3_600)).validate()
            #expect(!scenario.summary.isEmpty)
        }
        #expect(Set(Scenario.all.map(\.name)).count == Scenario.all.count)
    }

    @Test func aProfileOfHugeNumbersIsTightenedWithoutATrap() throws {
        var profile = VenueProfile.binanceUSDM
        let name = try #require(profile.limits.first).name
        profile.limits[0].limit = .max
        profile.costs[.place, default: [:]][name] = .max
        #expect(Scenario.busy.profile(profile, seed: 1).limits[0].limit == .max)
    }
}
