extension DrillCommand {
    /// The longest run that may be asked for, in hours: over a year.
    static let mostHours = 10_000.0

    /// The most seeds of one start.
    static let mostSeeds = 1_000_000

    /// Reads the arguments behind the program's name; each flag's value follows it, or stands behind `=`.
    ///
    /// - Throws: `BadInput` for the first flag or value that cannot be used.
    init(_ arguments: [String]) throws(BadInput) {
        var reader = ArgumentReader(arguments)
        var options = DrillOptions()
        var isHelp = false
        var isList = false
        while let flag = try reader.nextFlag() {
            switch flag {
            case "--help", "-h": isHelp = try reader.isSet(flag)
            case "--list": isList = try reader.isSet(flag)
            case "--candles": options.candles.append(try reader.path(flag))
            case "--symbol": options.symbols.append(try reader.symbol(flag))
            case "--scenario": options.scenario = try reader.scenario(flag)
            case "--seed": options.seed = try reader.seed(flag)
            case "--seeds": options.seeds = try reader.seeds(flag)
            case "--shrink": options.shrinks = try reader.isSet(flag)
            case "--faults": options.faults = try reader.path(flag)
            case "--schedule": options.schedule = try reader.schedule(flag)
            case "--yields": options.yields = try reader.yields(flag)
            case "--hours": options.hours = try reader.hours(flag)
            case "--venue": options.venue = try reader.venue(flag)
            case "--log": options.log = try reader.path(flag)
            case "--metrics": options.metrics = try reader.path(flag)
            case "--format": options.format = try reader.format(flag)
            default: throw BadInput("unknown flag \(BadInput.quoted(flag)), expected one of \(Self.flags)")
            }
        }
        if isHelp {
            self = .help
        } else if isList {
            self = .list
        } else {
            try options.check()
            self = .drill(options)
        }
    }

    private static let flags =
        "--candles, --symbol, --scenario, --seed, --seeds, --shrink, --faults, --schedule, --yields, --hours, --venue, "
        + "--log, --metrics, --format, --list, --help"
}

extension DrillOptions {
    /// What single flags cannot tell: whether they fit together.
    fileprivate func check() throws(BadInput) {
        // A range of seeds names the first that is no longer in it, so the highest seed of all can only be run alone.
        if seeds > 1, UInt64(seeds) > UInt64.max - seed {
            throw BadInput(
                "--seeds is \(seeds) from --seed \(seed) on, expected the last seed to be below \(UInt64.max)")
        }
        if shrinks, seeds == 1 { throw BadInput("--shrink without --seeds, expected --seeds 2 or more") }
        if let faults, scenario == Self.everyScenario {
            throw BadInput("--faults is \(BadInput.quoted(faults)) with every scenario, expected one --scenario")
        }
        if let repeated = Self.repeated(candles) {
            throw BadInput("--candles is \(BadInput.quoted(repeated)) twice, expected each file once")
        }
        if let repeated = Self.repeated(symbols) {
            throw BadInput("--symbol is \(BadInput.quoted(repeated)) twice, expected each symbol once")
        }
        if !candles.isEmpty, symbols.count > candles.count {
            throw BadInput(
                "--symbol is \(BadInput.quoted(symbols[candles.count])) without a file, expected at most one for each "
                    + "--candles")
        }
        for (flag, path) in [("--log", log), ("--metrics", metrics)] {
            guard let path else { continue }
            if seeds > 1 {
                throw BadInput("\(flag) is \(BadInput.quoted(path)) with --seeds \(seeds), expected a single seed")
            }
            if candles.contains(path) {
                throw BadInput("\(flag) is \(BadInput.quoted(path)), expected another file than that of --candles")
            }
        }
        if let log, log == metrics {
            throw BadInput("--metrics is \(BadInput.quoted(log)), expected another file than that of --log")
        }
    }

    private static func repeated(_ values: [String]) -> String? {
        var seen: Set<String> = []
        return values.first { !seen.insert($0).inserted }
    }
}
