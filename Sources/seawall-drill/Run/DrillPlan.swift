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
        if options.scenario == DrillOptions.everyScenario {
            scenarios = Scenario.all
        } else if let scenario = Scenario.named(options.scenario) {
            scenarios = [scenario]
        } else {
            throw BadInput("--scenario is \(BadInput.quoted(options.scenario)), expected a scenario of --list")
        }
        profile = try VenueProfile(drill: options.venue)
        markets = try DrillMarkets(options)
        hours = options.hours ?? markets.recordedHours ?? Self.hours
        if let recorded = markets.recordedHours, hours > recorded {
            throw BadInput(
                "--hours is \(TextReport.plain(hours)), expected at most \(TextReport.plain(recorded)), the length of the "
                    + "shortest candle file")
        }
    }

    /// The runs of one seed.
    func run(_ scenario: Scenario, seed: UInt64) throws -> DrillRun {
        DrillRun(
            scenario: scenario, seed: seed, hours: hours, profile: scenario.profile(profile),
            markets: try markets.markets(seed: seed))
    }

    /// The path of a file that each scenario has for itself: `run.jsonl` becomes `run.calm.jsonl` where there are several.
    func path(_ path: String, of scenario: Scenario) -> String {
        guard scenarios.count > 1 else { return path }
        let name = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        guard let dot = path[name...].lastIndex(of: "."), dot > name else { return path + "." + scenario.name }
        return path[..<dot] + "." + scenario.name + path[dot...]
    }
}
