import Seawall
import SeawallChaos
import Testing

@testable import seawall_drill

@Suite struct MixTests {
    @Test func manySeedsOfTheMixKeepThePromisesAndStrikeEverything() throws {
        let hours = 0.5
        let plan = try DrillPlan(DrillOptions(scenario: "mix", hours: hours))
        var figures = Figures()
        var checked: [Promise: Int] = [:]
        for seed: UInt64 in 1...20 {
            let run = try plan.run(.mix, seed: seed)
            let report = try run.run()
            #expect(report.isClean, "\(report)")
            #expect(report.brokenPromises.isEmpty, "\(report.brokenPromises.prefix(3)) of \(report.reproduction)")
            figures.add(Figures(report.counts))
            for (promise, finding) in report.findings { checked[promise, default: 0] += finding.checked }
        }
        for promise in Promise.allCases where promise != .sameSeedSameBytes {
            let minimum = Scenario.mix.minimum(of: promise, hours: hours * 20, symbols: plan.markets.names.count)
            #expect(checked[promise, default: 0] >= minimum, "\(promise)")
        }
        for strike in Scenario.mix.expectedStrikes { #expect(figures.strikes[strike] != nil, "\(strike)") }
    }
}
