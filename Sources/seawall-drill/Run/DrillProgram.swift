import Seawall
import SeawallChaos

/// The program: from arguments to an exit status, with its words given to a console.
struct DrillProgram: Sendable {
    /// What a process says of itself at its end.
    enum Status {
        static let kept: Int32 = 0
        static let broken: Int32 = 1
        static let badInput: Int32 = 2
    }

    let console: Console

    /// Does what the arguments behind the program's name ask, and gives the exit status.
    func run(_ arguments: [String]) -> Int32 {
        do {
            switch try DrillCommand(arguments) {
            case .help: console.print(DrillHelp.text)
            case .list: console.print(DrillHelp.scenarios)
            case .drill(let options): return try drill(DrillPlan(options))
            }
            return Status.kept
        } catch {
            console.complain("seawall-drill: \(error)")
            return Status.badInput
        }
    }

    private func drill(_ plan: DrillPlan) throws(BadInput) -> Int32 {
        var files: [ScenarioFiles] = []
        for scenario in plan.scenarios { files.append(try ScenarioFiles(plan, scenario)) }
        var tallies: [Tally] = []
        var failures: [String] = []
        for (scenario, files) in zip(plan.scenarios, files) {
            let (tally, found) =
                plan.options.seeds == 1 ? try trial(plan, scenario, files) : try search(plan, scenario)
            tallies.append(tally)
            failures += found
            failures += tally.missedStrikes.map { missed in
                plan.options.seeds == 1
                    ? described(missed, plan, scenario, plan.options.seed) : "\(scenario.name): \(missed)"
            }
            // Who asks for every scenario asks for those that there are for the venue.
            if plan.scenarios.count == 1, let obstacle = tally.obstacle {
                failures.append("\(scenario.name): \(obstacle)")
            }
        }
        report(plan, tallies)
        for failure in failures { console.complain(failure) }
        return failures.isEmpty && tallies.allSatisfy(\.isKept) ? Status.kept : Status.broken
    }

    /// Runs the one seed; gives what went wrong, each with the line that shows it again.
    private func trial(
        _ plan: DrillPlan, _ scenario: Scenario, _ files: ScenarioFiles
    ) throws(BadInput) -> (Tally, failures: [String]) {
        let seed = plan.options.seed
        let timeline = TimelineBox()
        let progress = Progress(scenario: scenario.name, seed: seed, hours: plan.hours, show: console.progress)
        let result: TrialResult
        do {
            result = try Trial(run: plan.run(scenario, seed: seed)).result { log in
                log.onRecord { record in
                    timeline.observe(record)
                    progress?.observe(record.at)
                }
                if let file = files.log { log.onLine { file.write(line: $0) } }
            }
        } catch {
            throw BadInput("\(scenario.name), seed \(seed): cannot be set up: \(error)")
        }
        progress?.end()
        var tally = Tally(plan, scenario)
        tally.add(result)
        if plan.options.format == .text {
            for line in TextReport.lines(of: result, tally, timeline: timeline.timeline) { console.print(line) }
        }
        let failures = result.failures.map { described($0, plan, scenario, seed) }
        return (tally, failures + files.finish(metricsText: result.report.metrics?.prometheusText()))
    }

    /// Runs many seeds; gives what went wrong in each, then what only their sum shows.
    private func search(_ plan: DrillPlan, _ scenario: Scenario) throws(BadInput) -> (Tally, failures: [String]) {
        let search = DrillSearch(plan: plan, scenario: scenario)
        do {
            let (tally, failures) = try search.run(progress: console.progress)
            var found = failures.flatMap { failure in
                failure.failures.map { described("\($0)", plan, scenario, failure.seed) }
            }
            if plan.options.shrinks, let first = failures.first {
                console.complain("making seed \(first.seed) small")
                found.append(try search.shrink(first))
            }
            return (tally, found + summed(scenario, tally))
        } catch {
            throw BadInput("\(scenario.name): cannot be set up: \(error)")
        }
    }

    private func described(_ failure: String, _ plan: DrillPlan, _ scenario: Scenario, _ seed: UInt64) -> String {
        let command = Reproduction.command(plan.options, scenario: scenario.name, seed: seed, hours: plan.hours)
        return "\(scenario.name), seed \(seed): \(failure)\n  again: \(command)"
    }

    /// What only the sum over many seeds shows: promises that were not tried.
    private func summed(_ scenario: Scenario, _ tally: Tally) -> [String] {
        var failures: [String] = []
        for (promise, verdict) in tally.verdicts.sorted(by: { $0.key < $1.key })
        where verdict.broken.isEmpty && verdict.isFailure {
            failures.append(
                "\(scenario.name): \(promise.rawValue) not tried: \(verdict.checked) tests of at least \(verdict.minimum)"
            )
        }
        return failures
    }

    private func report(_ plan: DrillPlan, _ tallies: [Tally]) {
        var sum = Tally(
            scenario: DrillOptions.everyScenario, seed: plan.options.seed, hours: plan.hours, venue: plan.profile.name)
        for tally in tallies { sum.add(tally) }
        switch plan.options.format {
        case .json:
            let isOne = tallies.count == 1
            console.print((isOne ? tallies[0].json() : sum.json(parts: tallies)).text)
        case .text:
            if plan.options.seeds > 1 {
                for tally in tallies { TextReport.lines(of: tally).forEach(console.print) }
            } else if tallies.count > 1 {
                TextReport.lines(of: sum).forEach(console.print)
                for tally in tallies {
                    if let obstacle = tally.obstacle { console.print("  \(tally.scenario): \(obstacle)") }
                }
            }
        }
    }
}
