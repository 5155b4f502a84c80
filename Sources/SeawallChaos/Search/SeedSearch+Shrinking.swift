internal import SeawallTime

extension SeedSearch {
    /// Makes a failure small: the faults first, then length and yields, then the schedule.
    ///
    /// The faults that a plan or a swarm drew are replaced by those that struck, and these are taken out for as long as
    /// the run still fails in the same way, that is with the same kind of failure. What is left is 1-minimal: without
    /// any one of the faults the run does not fail so. The length becomes the shortest within a sixteenth that still
    /// fails, yields are left out, the first of the simpler bodies that fails is taken, and the schedule becomes the
    /// order of arrival, or one with fewer change points. Everything is run on the calling thread.
    ///
    /// - Parameters:
    ///   - failure: What a run of this search found.
    ///   - kind: Which of its failures is meant; the first where it is nil.
    ///   - budget: How many runs it may take in all, 1 or more.
    ///   - simpler: Other bodies to try, the simplest first.
    /// - Throws: `SimulationError` where the budget is out of range or the failure has no such kind.
    public func shrink(
        _ failure: SeedFailure, kind: SimulationFailure.Kind? = nil, budget: Int = 2_000, simpler: [SimplerBody] = []
    ) throws -> ShrunkFailure {
        guard budget >= 1 else {
            throw SimulationError(
                code: .invalidConfiguration, message: "budget is \(budget), expected 1 run or more")
        }
        guard let meant = failure.failures.first(where: { kind == nil || $0.kind == kind })?.kind else {
            let kinds = failure.failures.map(\.kind.rawValue).joined(separator: ", ")
            throw SimulationError(
                code: .invalidConfiguration, message: "kind is \(kind?.rawValue ?? "nil"), expected one of \(kinds)")
        }
        let start = SystemTime().now
        var shrinker = SeedShrinker(
            search: self, failure: failure, kind: meant, simpler: simpler, budget: budget)
        shrinker.shrink()
        return ShrunkFailure(
            kind: meant, failure: search(shrinker), report: shrinker.report,
            bodyName: shrinker.best.body.map { simpler[$0].name },
            original: ShrunkFailure.Size(
                faults: failure.report.strikes.count, steps: failure.report.steps, length: length),
            shrunk: ShrunkFailure.Size(
                faults: shrinker.best.faults.actions.count, steps: shrinker.report.steps,
                length: shrinker.best.length),
            steps: shrinker.steps, runs: shrinker.runs, isComplete: shrinker.runs < budget,
            elapsed: start.duration(to: SystemTime().now))
    }

    private func search(_ shrinker: SeedShrinker) -> SimulationFailure {
        verdict(shrinker.report).first { $0.kind == shrinker.kind }
            ?? SimulationFailure(kind: shrinker.kind, message: "two runs differ")
    }
}
