import SeawallChaos

/// The one line that shows a run again, with the build that it is valid for.
enum Reproduction {
    /// The command for a scenario and a seed of a start with these options.
    static func command(_ options: DrillOptions, scenario: String, seed: UInt64, hours: Double) -> String {
        var words = ["swift", "run"] + configuration + ["seawall-drill"]
        words += ["--scenario", scenario, "--seed", String(seed), "--hours", TextReport.plain(hours)]
        words += ["--venue", options.venue]
        if let path = options.faults { words += ["--faults", path] }
        if let schedule = options.schedule { words += ["--schedule", schedule.rawValue] }
        if let yields = options.yields { words += ["--yields", String(yields)] }
        for path in options.candles { words += ["--candles", path] }
        for symbol in options.symbols { words += ["--symbol", symbol] }
        return words.map(quoted).joined(separator: " ") + "  # " + BuildIdentity.line
    }

    #if DEBUG
    private static let configuration: [String] = []
    #else
    private static let configuration = ["-c", "release"]
    #endif

    /// A word as a shell takes it.
    private static func quoted(_ word: String) -> String {
        let isPlain = word.unicodeScalars.allSatisfy { scalar in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".", "/", ":", ",", "=", "+", "@", "%": true
            default: false
            }
        }
        if isPlain, !word.isEmpty { return word }
        return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
