/// What the command line asks for.
struct BenchOptions: Equatable {
    /// How the figures are printed.
    enum Format: String, CaseIterable {
        case text
        case json
    }

    static let usage = """
        usage: seawall-bench [--filter TEXT] [--format text|json] [--rounds N] [--quick] [--list] [--check]
          --filter TEXT  only cases whose name contains the text, with their baselines
          --format       an aligned table, or a JSON array; default text
          --rounds N     how often each case is measured, 1 to 1000; the median counts; default 5
          --quick        short samples, to see that everything runs: the figures mean little
          --list         the cases, and nothing measured
          --check        only whether the cases that promise to allocate nothing keep it; ends with 1 where not
        """

    var filter = ""
    var format = Format.text
    var rounds = 5
    var isQuick = false
    var wantsList = false
    var wantsCheck = false
    var wantsHelp = false

    /// Reads the arguments after the program's name.
    ///
    /// - Throws: `OptionsError` that names the argument and what was expected.
    init(arguments: some Sequence<String>) throws(OptionsError) {
        var rest = arguments.makeIterator()
        while let flag = rest.next() {
            switch flag {
            case "--filter": filter = try Self.value(of: flag, rest.next(), "a part of a case's name")
            case "--format":
                let value = try Self.value(of: flag, rest.next(), "text or json")
                guard let format = Format(rawValue: value) else {
                    throw OptionsError("--format is \"\(value)\", expected text or json")
                }
                self.format = format
            case "--rounds":
                let value = try Self.value(of: flag, rest.next(), "1 to 1000")
                guard let rounds = Int(value), (1...1_000).contains(rounds) else {
                    throw OptionsError("--rounds is \"\(value)\", expected 1 to 1000")
                }
                self.rounds = rounds
            case "--quick": isQuick = true
            case "--list": wantsList = true
            case "--check": wantsCheck = true
            case "--help", "-h": wantsHelp = true
            default:
                throw OptionsError(
                    "unknown argument \"\(flag)\", expected --filter, --format, --rounds, --quick, --list, --check or --help"
                )
            }
        }
    }

    private static func value(
        of flag: String, _ value: String?, _ expected: String
    ) throws(OptionsError) -> String {
        guard let value, !value.isEmpty else { throw OptionsError("\(flag) has no value, expected \(expected)") }
        return value
    }
}
