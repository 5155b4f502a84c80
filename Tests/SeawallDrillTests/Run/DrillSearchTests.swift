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

    /// What a shrunk failure prints is a command that fails in the same way, with the plan that it prints.
    @Test func aShrunkFailureIsShownAgainByWhatItPrints() throws {
        // Two requests for one order break P1 where the venue forgets a name with its order.
        let scenario = Scenario.calm.with(
            .plan([
                FaultAction(.delay(.milliseconds(20)), probability: 0.2),
                FaultAction(.duplicate(returning: .first), on: .on(.place), probability: 0.5),
            ]))
        let search = try search(scenario, seed: 1, seeds: 8, hours: 0.1)
        let failure = try #require(try search.run(progress: nil).failures.first)
        let text = try search.shrink(failure)
        let line = try #require(text.split(separator: "\n").first { $0.contains("faults.json: ") })
        let folder = try TemporaryFolder()
        let path = try folder.write("faults.json", String(line.drop { $0 != "{" }))
        let command = try #require(text.split(separator: "\n").last { $0.contains("again: ") })
        let words = command.split(separator: "#")[0].split(separator: " ").drop { $0 != "seawall-drill" }.dropFirst()
            .map { $0 == "faults.json" ? path : $0.filter { $0 != "'" } }
        let again = drill(words)
        #expect(again.status == 1, "\(again.complaints)")
        #expect(again.complaints.contains { $0.contains("P1") }, "\(again.complaints)")
    }

    @Test func aPlanThatIsNoneIsRefusedWithItsPlace() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("plan.json", #"{"actions":[{"effect":{"kind":"nonsense"}}]}"#)
        let refused = drill("--scenario", "calm", "--faults", path)
        #expect(refused.status == 2)
        #expect(refused.complaints.first?.contains("plan.json") == true, "\(refused.complaints)")
        #expect(refused.complaints.first?.contains("nonsense") == true, "\(refused.complaints)")
    }

    @Test func theHighestSeedsOfARangeRun() {
        let highest = drill(
            "--scenario", "calm", "--seed", "18446744073709551613", "--seeds", "2", "--hours", "0.2", "--symbol",
            "BTCUSDT")
        #expect(highest.status == 0, "\(highest.complaints)")
        #expect(highest.printed.contains { $0.contains("2 runs of 0.2 hours") })
        let beyond = drill(
            "--scenario", "calm", "--seed", "18446744073709551614", "--seeds", "2", "--hours", "0.2", "--symbol",
            "BTCUSDT")
        #expect(beyond.status == 2 && beyond.complaints.count == 1)
    }
}
