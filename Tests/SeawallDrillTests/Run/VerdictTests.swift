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
        #expect(Scenario.busy.profile(profile).limits[0].limit == .max)
    }
}
