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

    /// The runs that did not end as they should.
    private(set) var unclean = 0

    /// True where nothing was broken, everything tried often enough, and every run ended as it should.
    var isKept: Bool { unclean == 0 && !verdicts.values.contains(where: \.isFailure) }

    init(scenario: String, seed: UInt64, hours: Double, venue: String) {
        self.scenario = scenario
        self.seed = seed
        self.hours = hours
        self.venue = venue
    }

    mutating func add(_ result: TrialResult) {
        add(
            runs: 1, steps: result.report.steps, unclean: result.report.isClean ? 0 : 1, Figures(result.report.counts),
            result.verdicts)
    }

    mutating func add(_ other: Tally) {
        add(runs: other.runs, steps: other.steps, unclean: other.unclean, other.counts, other.verdicts)
    }

    mutating func add(runs: Int, steps: Int, unclean: Int, _ figures: Figures, _ verdicts: [Promise: Verdict]) {
        self.runs += runs
        self.steps += steps
        self.unclean += unclean
        counts.add(figures)
        for (promise, verdict) in verdicts { self.verdicts[promise, default: Verdict()].add(verdict) }
    }
}
