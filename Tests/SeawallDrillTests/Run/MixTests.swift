import Seawall
import SeawallChaos
import Testing

@testable import seawall_drill

@Suite struct MixTests {
    @Test func twentySeedsOfTheMixKeepThePromisesAndEveryFaultStrikes() throws {
        let hours = 0.05
        let mix = try #require(Scenario.named("mix"))
        let plan = try DrillPlan(DrillOptions(scenario: "mix", hours: hours))
        var figures = Figures()
        var checked: [Promise: Int] = [:]
        for seed: UInt64 in 1...20 {
            let report = try plan.run(mix, seed: seed).run()
            #expect(report.isClean, "\(report)")
            figures.add(Figures(report.counts))
            for (promise, finding) in report.findings.sorted(by: { $0.key < $1.key }) {
                checked[promise, default: 0] += finding.checked
                #expect(finding.broken.isEmpty, "\(promise.rawValue), \(report.reproduction)")
            }
        }
        // None of them is so long that the operator comes to anything.
        var short = mix
        short.least = [:]
        for promise in Promise.allCases where promise != .sameSeedSameBytes {
            let minimum = short.minimum(of: promise, hours: hours * 20, symbols: plan.markets.names.count)
            #expect(checked[promise, default: 0] >= minimum, "\(promise)")
        }
        let struck = Set(figures.strikes.keys.compactMap { $0.split(separator: " ").first.map(String.init) })
        #expect(struck == Set(mix.kinds.map(\.name)))
    }
}
