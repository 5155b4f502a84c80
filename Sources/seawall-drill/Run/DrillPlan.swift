import Seawall
import SeawallChaos

/// What a start of the drill runs: the options, with every name resolved and every file read.
struct DrillPlan: Sendable {
    /// How long a run on made markets lasts where nobody says.
    static let hours = 1.0

    let options: DrillOptions
    let scenarios: [Scenario]
    let profile: VenueProfile
    let markets: DrillMarkets
    let hours: Double

    /// Resolves names and reads the candles.
    ///
    /// - Throws: `BadInput` for the first thing that cannot be used.
    init(_ options: DrillOptions) throws(BadInput) {
        self.options = options
        var scenarios: [Scenario]
        if options.scenario == DrillOptions.everyScenario {
            scenarios = Scenario.all
        } else if let scenario = Scenario.named(options.scenario) {
            scenarios = [scenario]
        } else {
            throw BadInput("--scenario is \(BadInput.quoted(options.scenario)), expected a scenario of --list")
        }
        if let path = options.faults {
            let faults = try FaultPlan(drill: path)
            scenarios = scenarios.map { $0.with(.plan(faults, name: path)) }
        }
        if options.schedule != nil || options.yields != nil { scenarios = scenarios.map(\.withoutDrawnSchedule) }
        profile = try VenueProfile(drill: options.venue)
        self.scenarios = scenarios
        markets = try DrillMarkets(options)
        hours = options.hours ?? markets.recordedHours ?? Self.hours
        if let recorded = markets.recordedHours, hours > recorded {
            throw BadInput(
                "--hours is \(TextReport.plain(hours)), expected at most \(TextReport.plain(recorded)), the length of the "
                    + "shortest candle file")
        }
    }

    /// How the runs are scheduled where a swarm draws nothing else.
    var configuration: SimulationConfiguration {
        // A busy hour takes well under a million steps.
        SimulationConfiguration(
            scheduling: options.schedule ?? .random,
            stepLimit: max(10_000_000, Int(hours.rounded(.up)) * 2_000_000), yieldsPerMille: options.yields ?? 0)
    }

    /// The runs of one seed.
    func run(_ scenario: Scenario, seed: UInt64) throws -> DrillRun {
        DrillRun(
            scenario: scenario, seed: seed, hours: hours, profile: scenario.profile(profile, seed: seed),
            markets: try markets.markets(seed: seed), base: configuration)
    }

    /// The path of a file that each scenario has for itself: `run.jsonl` becomes `run.calm.jsonl` where there are several.
    func path(_ path: String, of scenario: Scenario) -> String {
        guard scenarios.count > 1 else { return path }
        let name = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        guard let dot = path[name...].lastIndex(of: "."), dot > name else { return path + "." + scenario.name }
        return path[..<dot] + "." + scenario.name + path[dot...]
    }
}
