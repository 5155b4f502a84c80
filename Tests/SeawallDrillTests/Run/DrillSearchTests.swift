import Seawall
import SeawallChaos
import Testing

@testable import seawall_drill

@Suite struct DrillSearchTests {
    private func search(_ scenario: Scenario, seed: UInt64, seeds: Int, hours: Double) throws -> DrillSearch {
        var options = DrillOptions(symbols: ["BTCUSDT"], seed: seed, hours: hours)
        options.seeds = seeds
        return DrillSearch(plan: try DrillPlan(options), scenario: scenario)
    }

    @Test func theSumIsThatOfTheSingleSeeds() throws {
        var scenario = Scenario(name: "x", summary: "")
        scenario.faults = .plan([
            FaultAction(.delay(.milliseconds(20))), FaultAction(.clockStep(.milliseconds(1)), probability: 0.5),
        ])
        let search = try search(scenario, seed: 4, seeds: 2, hours: 0.04)
        let (tally, failures) = try search.run(progress: nil)
        #expect(failures.isEmpty && tally.runs == 2)
        var sum = Tally(search.plan, scenario)
        for seed: UInt64 in 4...5 { sum.add(try Trial(run: search.plan.run(scenario, seed: seed)).result()) }
        #expect(tally.counts == sum.counts && tally.steps == sum.steps && tally.verdicts == sum.verdicts)
        #expect(tally.odds.possible == sum.odds.possible && tally.odds.sure == sum.odds.sure)
        #expect(!tally.odds.sure.isEmpty && tally.missedStrikes.isEmpty)
        for (pair, odds) in sum.odds.odds {
            let searched = tally.odds.odds[pair]
            #expect(searched?.certain == odds.certain)
            #expect(abs((searched?.expected ?? -1) - odds.expected) < 0.000_001)
        }
    }

    @Test func whatTheVenueDoesNotServeIsNeitherCalledNorDemanded() throws {
        var scenario = Scenario(name: "x", summary: "")
        scenario.faults = .plan([
            FaultAction(.lostBefore(.reset(after: .milliseconds(50))), on: .on(.query), probability: 0.9),
            FaultAction(.answer(.status(VenueStatus(mode: .cancelOnly))), on: .on(.status), name: "false_status"),
        ])
        let (tally, _) = try search(scenario, seed: 1, seeds: 2, hours: 0.04).run(progress: nil)
        #expect(tally.missedStrikes.isEmpty)
        #expect(tally.odds.possible == ["lost_before query"])
    }

    @Test func theHighestSeedsOfARangeRun() {
        let highest = drill(
            "--scenario", "calm", "--seed", "18446744073709551613", "--seeds", "2", "--hours", "0.04", "--symbol",
            "BTCUSDT")
        #expect(highest.status == 0, "\(highest.complaints)")
        #expect(highest.printed.contains { $0.contains("2 runs of 0.04 hours") })
        let beyond = drill(
            "--scenario", "calm", "--seed", "18446744073709551614", "--seeds", "2", "--hours", "0.04", "--symbol",
            "BTCUSDT")
        #expect(beyond.status == 2 && beyond.complaints.count == 1)
    }
}
