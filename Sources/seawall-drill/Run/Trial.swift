import Seawall
import SeawallChaos

/// One scenario of one seed, run twice: the record of the first run is judged, the second must leave the same bytes.
struct Trial: Sendable {
    let run: DrillRun

    /// Runs and judges.
    ///
    /// - Parameter listen: May listen to the record of the first run before anything is written.
    /// - Throws: What cannot be set up: nothing that happens inside a run.
    func result(listen: @escaping @Sendable (RunLog) -> Void = { _ in }) throws -> TrialResult {
        let watch = StrikeWatch()
        let faults = run.faults
        let first = try run.run { log in
            watch.listen(to: log, faults: faults)
            listen(log)
        }
        let second = try run.run()
        var verdicts: [Promise: Verdict] = [:]
        let findings = first.findings
        for promise in Promise.allCases {
            let finding = findings[promise] ?? Finding()
            verdicts[promise] = Verdict(
                checked: finding.checked,
                minimum: run.scenario.minimum(
                    of: promise, hours: run.hours, symbols: run.markets.count, venue: run.profile.name),
                broken: finding.broken)
        }
        verdicts[.sameSeedSameBytes]?.checked = 1
        verdicts[.sameSeedSameBytes]?.broken = Self.differences(first, second)
        return TrialResult(
            scenario: run.scenario, seed: run.seed, hours: run.hours, venue: run.profile.name, report: first,
            verdicts: verdicts, odds: watch.odds)
    }

    private static func differences(_ first: SimulationReport, _ second: SimulationReport) -> [String] {
        var differences: [String] = []
        if first.recordHash != second.recordHash {
            let hashes = [first, second].map { $0.recordHash.map { String($0, radix: 16) } ?? "none" }
            differences.append("the records of two runs have the hashes \(hashes[0]) and \(hashes[1])")
        }
        if first.hash != second.hash || first.steps != second.steps {
            differences.append(
                "two runs took \(first.steps) steps with hash \(String(first.hash, radix: 16)) and \(second.steps) with "
                    + String(second.hash, radix: 16))
        }
        return differences
    }
}

/// What a trial came to.
struct TrialResult: Sendable {
    let scenario: Scenario
    let seed: UInt64
    let hours: Double
    let venue: String
    let report: SimulationReport
    let verdicts: [Promise: Verdict]
    let odds: StrikeOdds

    /// What went wrong, a line each: a run that did not end as it should, broken promises, promises not tried.
    var failures: [String] {
        var failures: [String] = []
        if !report.isClean { failures.append("the run is not clean: \(report)") }
        for (promise, verdict) in verdicts.sorted(by: { $0.key < $1.key }) where verdict.isFailure {
            if let broken = verdict.broken.first {
                failures.append("\(promise.rawValue) broken \(verdict.broken.count) times, first \(broken)")
            } else {
                failures.append(
                    "\(promise.rawValue) not tried: \(verdict.checked) tests of at least \(verdict.minimum)")
            }
        }
        return failures
    }
}
