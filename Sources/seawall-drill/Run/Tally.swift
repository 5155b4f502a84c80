import Seawall
import SeawallChaos

/// The sums over the trials of a scenario, or over scenarios.
struct Tally: Sendable {
    /// A scenario's name, or `all`.
    let scenario: String

    /// The first seed.
    let seed: UInt64

    /// How long each run is.
    let hours: Double

    /// The venue's profile.
    let venue: String

    /// How many runs are summed; of the two runs of a trial the first.
    private(set) var runs = 0
    private(set) var steps = 0
    private(set) var counts = Figures()
    private(set) var verdicts: [Promise: Verdict] = [:]

    /// What the calls of the runs let the faults strike.
    private(set) var odds = StrikeOdds()

    /// Why no fault of the scenario can strike the venue; nil where they can, or there are none.
    var obstacle: String?

    /// True where the scenario has faults that can strike the venue, and so must.
    var mustStrike = false

    /// The runs that did not end as they should.
    private(set) var unclean = 0

    /// True where nothing was broken, everything tried often enough, and every run ended as it should.
    var isKept: Bool { unclean == 0 && missedStrikes.isEmpty && !verdicts.values.contains(where: \.isFailure) }

    /// What the faults did not strike though they had to, a line each.
    var missedStrikes: [String] {
        if mustStrike, counts.strikes.isEmpty { return ["not put to the test: no fault struck"] }
        return odds.sure.filter { counts.strikes[$0] == nil }.map { "the fault \($0) never struck" }
    }

    /// What a fault may have struck, and did not.
    var unstruck: [String] { odds.possible.filter { counts.strikes[$0] == nil } }

    init(scenario: String, seed: UInt64, hours: Double, venue: String) {
        self.scenario = scenario
        self.seed = seed
        self.hours = hours
        self.venue = venue
    }

    /// The sums of no runs yet of a scenario in a plan.
    init(_ plan: DrillPlan, _ scenario: Scenario) {
        self.init(scenario: scenario.name, seed: plan.options.seed, hours: plan.hours, venue: plan.profile.name)
        obstacle = scenario.obstacle(at: plan.profile)
        mustStrike = obstacle == nil && !scenario.kinds.isEmpty
    }

    mutating func add(_ result: TrialResult) {
        add(result.odds)
        add(
            runs: 1, steps: result.report.steps, unclean: result.report.isClean ? 0 : 1, Figures(result.report.counts),
            result.verdicts)
    }

    mutating func add(_ other: Tally) {
        add(runs: other.runs, steps: other.steps, unclean: other.unclean, other.counts, other.verdicts)
    }

    mutating func add(_ odds: StrikeOdds) { self.odds.add(odds) }

    mutating func add(runs: Int, steps: Int, unclean: Int, _ figures: Figures, _ verdicts: [Promise: Verdict]) {
        self.runs += runs
        self.steps += steps
        self.unclean += unclean
        counts.add(figures)
        for (promise, verdict) in verdicts { self.verdicts[promise, default: Verdict()].add(verdict) }
    }
}
