/// What `--help` prints.
enum DrillHelp {
    static let text = """
        A small bot trades through the guarded broker against a simulated venue that fails, in virtual time,
        and every promise that the library makes is judged from the record of the run.

        usage: seawall-drill [flag]...

          --candles FILE     replay recorded one-minute candles, one symbol a file; again for each further symbol.
                             Columns open_time,open,high,low,close,volume in any order under a header, or Binance
                             kline columns without one. Times in ISO 8601 or Unix seconds, milliseconds or
                             microseconds. Missing minutes are filled with the last close and a volume of 0.
                             Each file is replayed from its first candle.
          --symbol NAME      the symbol of the file in the same place; without --candles, a symbol to trade.
                             Default: the file's name up to its interval; without --candles, BTCUSDT, ETHUSDT, SOLUSDT.
          --scenario NAME    what goes wrong, or all for each in turn. Default: all.
          --seed N           the seed of market, faults and scheduling. Default: 1.
          --seeds N          run so many seeds from --seed on, on all cores, and print the sums. Default: 1.
          --shrink           with --seeds: make the first seed that goes wrong small, and print the plan of faults that is
                             left and the command that shows it again.
          --faults FILE      a plan of faults in JSON in place of the scenario's, as --shrink prints it.
          --schedule WORD    which of several runnable tasks goes next: random, fifo, or pct(D,S), which lets a task fall
                             behind all others at D - 1 points within S steps. Default: random; a swarm draws.
          --yields N         of a thousand places where a task may let others go first, so many do. Default: 0; a swarm
                             draws.
          --hours H          how long a run lasts in virtual time. Default: the length of the shortest file;
                             without --candles, 1.
          --venue NAME       the venue's profile, or the path of a JSON file (.json) that holds one; Docs/Venues.md says
                             what it holds. Default: binance-usdm.
          --log FILE         write the record of the run, a JSON object a line; the last line of a whole log is "end".
          --metrics FILE     write the layer's final metrics as Prometheus text.
                             With --scenario all each scenario has files of its own: run.jsonl becomes run.calm.jsonl.
          --format FORMAT    text or json. JSON is one object; with several scenarios it holds the sums, and "runs" an
                             object for each. A promise that a scenario does not put to the test has "kept": null.
          --list             print a scenario a line, name first.
          --help             print this.

        Every scenario is run twice, and both runs must leave the same bytes (P11).

        A venue without what a scenario's faults strike is not put to the test by it. With --scenario all that is said
        and no failure; a scenario asked for by name fails.

        exit status: 0 all promises kept; 1 one broken or not put to the test, a fault that had to strike and did not, or
        a run that did not end as it should; 2 bad input.
        """

    /// A scenario a line.
    static var scenarios: String {
        let width = Scenario.all.map(\.name.count).max() ?? 0
        return Scenario.all.map { scenario in
            let padding = String(repeating: " ", count: width - scenario.name.count + 2)
            return scenario.name + padding + scenario.summary
        }
        .joined(separator: "\n")
    }
}
