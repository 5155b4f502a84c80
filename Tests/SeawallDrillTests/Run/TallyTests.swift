import Seawall
import Testing

@testable import SeawallChaos
@testable import seawall_drill

@Suite struct TallyTests {
    private func tally(_ scenario: String, _ strikes: [String: Int], certain: [String: Int] = [:]) throws -> Tally {
        let plan = try DrillPlan(DrillOptions(scenario: scenario))
        var tally = Tally(plan, plan.scenarios[0])
        var odds = StrikeOdds()
        for (pair, count) in certain { odds.add(StrikeOdds.Odds(certain: count), to: pair) }
        tally.add(odds)
        var counts = RunCounts()
        counts.strikes = strikes
        tally.add(runs: 1, steps: 1, unclean: 0, Figures(counts), [:])
        return tally
    }

    @Test func aFaultThatHadToStrikeAndDidNotIsNamed() throws {
        let tally = try tally("swarm", ["a place": 1], certain: ["a place": 20, "b place": 20, "c place": 19])
        #expect(tally.missedStrikes == ["the fault b place never struck"])
        #expect(!tally.isKept)
        #expect(tally.unstruck == ["b place", "c place"])
    }

    @Test func whatMayHaveStruckAndDidNotIsNoFailure() throws {
        let tally = try tally("swarm", ["a place": 1], certain: ["a place": 20, "c place": 19])
        #expect(tally.missedStrikes.isEmpty && tally.isKept)
        #expect(TextReport.lines(of: tally).contains { $0.contains("not struck, 1 of 2") && $0.hasSuffix(": c place") })
    }

    @Test func faultsThatNeverStruckProveNothing() throws {
        #expect(try tally("outage", [:]).missedStrikes == ["not put to the test: no fault struck"])
        #expect(try !tally("outage", [:]).isKept)
        #expect(try tally("calm", [:]).isKept)
        #expect(try tally("ws-healthy", [:]).isKept)
        // Said once, by the obstacle.
        #expect(try tally("preview-failures", [:]).isKept)
    }
}
