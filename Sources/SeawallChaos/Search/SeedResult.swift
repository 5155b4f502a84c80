/// What one seed came to, without what a report holds on to.
struct SeedResult: Sendable {
    let seed: UInt64
    let runs: Int
    let steps: Int
    let hash: UInt64
    let recordHash: UInt64?
    let virtualElapsed: Duration
    let counts: RunCounts
    let checked: [Promise: Int]
    let broken: [Promise: Int]
    let failure: SeedFailure?
    /// What the run's detectors could not watch.
    let warning: String?
    /// What was missing for faults that were to strike, by their names.
    let hindrances: [String: String]

    init(seed: UInt64, runs: Int, report: SimulationReport, failure: SeedFailure?) {
        self.seed = seed
        self.runs = runs
        steps = report.steps
        hash = report.hash
        recordHash = report.recordHash
        virtualElapsed = report.virtualElapsed
        counts = report.counts
        var checked = report.findings.mapValues(\.checked)
        // A second run is the decisive test of this one.
        checked[.sameSeedSameBytes, default: 0] += runs - 1
        self.checked = checked
        var broken = report.findings.mapValues(\.broken.count)
        if failure?.failures.contains(where: { $0.kind == .promise(.sameSeedSameBytes) }) == true {
            broken[.sameSeedSameBytes, default: 0] += 1
        }
        self.broken = broken
        self.failure = failure
        warning = report.detectors.warning
        let hindered = report.unstruck.compactMap { fault in fault.reason.map { (fault.fault, $0) } }
        hindrances = Dictionary(hindered, uniquingKeysWith: { first, _ in first })
    }
}
