import SeawallChaos

/// What the command line asks of a drill.
struct DrillOptions: Equatable, Sendable {
    /// How the result is printed.
    enum Format: String, CaseIterable, Sendable {
        case text, json
    }

    /// The name that stands for every scenario.
    static let everyScenario = "all"

    /// Files of recorded candles, one symbol a file; empty for a market made from the seed.
    var candles: [String] = []

    /// Names for the candle files in their order, or the symbols of the made market.
    var symbols: [String] = []

    /// A scenario's name, or `all`.
    var scenario = DrillOptions.everyScenario

    /// The first seed.
    var seed: UInt64 = 1

    /// How many seeds are run, as many at once as there are cores.
    var seeds = 1

    /// Whether the first seed that goes wrong is made small.
    var shrinks = false

    /// The path of a plan that takes the place of the scenario's faults.
    var faults: String?

    /// How the runs schedule, where not as ever or as a swarm draws.
    var schedule: SimulationScheduling?

    /// How many of a thousand places where a task may yield it does; nil for none, or what a swarm draws.
    var yields: Int?

    /// How long each run lasts in virtual time; nil for the default.
    var hours: Double?

    /// The name of the venue's profile, or the path of a file that holds one.
    var venue = "binance-usdm"

    /// Where the log goes.
    var log: String?

    /// Where the final metrics go.
    var metrics: String?

    /// How the result is printed.
    var format = Format.text
}

/// What a start of the program is to do.
enum DrillCommand: Equatable, Sendable {
    case help
    case list
    case drill(DrillOptions)
}
