import Seawall
import SeawallChaos

/// One scenario of many seeds, on all cores, each seed run twice and compared.
struct DrillSearch: Sendable {
    let plan: DrillPlan
    let scenario: Scenario

    private func search(_ watch: StrikeWatch? = nil) -> SeedSearch {
        SeedSearch(
            length: .seconds(plan.hours * 3_600), configuration: plan.configuration,
            faults: scenario.faults, failureLimit: plan.options.seeds
        ) { [plan, scenario] world in
            watch?.listen(to: world.log, faults: world.faults)
            try await plan.run(scenario, seed: world.seed).live(in: world)
        }
    }

    /// Runs the seeds, and sums up what they came to.
    ///
    /// - Throws: What cannot be set up: nothing that happens inside a run.
    func run(progress show: (@Sendable (String) -> Void)?) throws -> (tally: Tally, failures: [SeedFailure]) {
        let first = plan.options.seed
        let watch = StrikeWatch()
        let report = try search(watch).run(first..<(first + UInt64(plan.options.seeds))) { progress in
            show?("\(scenario.name): \(progress.done) of \(progress.all) seeds")
        }
        show?("")
        var tally = Tally(plan, scenario)
        // Each seed was run twice.
        tally.add(watch.odds.halved)
        tally.add(report) { promise, seeds in
            scenario.minimum(
                of: promise, hours: plan.hours, symbols: plan.markets.names.count, seeds: seeds,
                venue: plan.profile.name)
        }
        return (tally, report.failures)
    }

    /// Makes a failure small: what is left, the plan of faults, and the command that shows it again.
    func shrink(_ failure: SeedFailure) throws -> String {
        let shrunk = try search().shrink(failure)
        var options = plan.options
        options.schedule = shrunk.report.configuration.scheduling
        options.yields = shrunk.report.configuration.yieldsPerMille
        options.faults = "faults.json"
        let command = Reproduction.command(
            options, scenario: scenario.name, seed: failure.seed, hours: shrunk.shrunk.length / .seconds(3_600))
        return """
            \(shrunk.failure)
              shrunk from \(shrunk.original) to \(shrunk.shrunk), in \(shrunk.runs) runs and \(shrunk.elapsed)
              faults.json: \(shrunk.faults.json)
              again: \(command)
            """
    }
}

extension Tally {
    /// Adds the runs of a search; `minimum` is what so many seeds must reach together.
    fileprivate mutating func add(_ report: SeedSearchReport, minimum: (Promise, Int) -> Int) {
        let seeds = Int(clamping: report.seeds.upperBound - report.seeds.lowerBound)
        var verdicts: [Promise: Verdict] = [:]
        for promise in Promise.allCases {
            verdicts[promise] = Verdict(
                checked: report.checked[promise] ?? 0, minimum: minimum(promise, seeds),
                broken: report.failures.flatMap { failure in
                    failure.failures.filter { $0.kind == .promise(promise) }.map {
                        "seed \(failure.seed): \($0.message)"
                    }
                })
        }
        let unclean = report.failures.count { failure in
            failure.failures.contains { !Promise.allCases.map(SimulationFailure.Kind.promise).contains($0.kind) }
        }
        add(runs: seeds, steps: report.steps, unclean: unclean, Figures(report.counts), verdicts)
    }
}
