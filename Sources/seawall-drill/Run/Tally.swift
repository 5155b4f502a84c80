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
        runs += 1
        steps += result.report.steps
        if !result.report.isClean { unclean += 1 }
        add(Figures(result.report.counts), result.verdicts)
    }

    mutating func add(_ other: Tally) {
        runs += other.runs
        steps += other.steps
        unclean += other.unclean
        add(other.counts, other.verdicts)
    }

    private mutating func add(_ figures: Figures, _ verdicts: [Promise: Verdict]) {
        counts.add(figures)
        for (promise, verdict) in verdicts { self.verdicts[promise, default: Verdict()].add(verdict) }
    }
}
