import SeawallChaos
import Testing

@testable import seawall_drill

@Suite struct DrillCommandTests {
    private func options(_ arguments: String...) throws -> DrillOptions {
        guard case .drill(let options) = try DrillCommand(arguments) else {
            throw BadInput("\(arguments) is no drill")
        }
        return options
    }

    private func complaint(_ arguments: [String]) -> String? {
        do {
            _ = try DrillCommand(arguments)
            return nil
        } catch { return error.message }
    }

    @Test func withoutArgumentsEveryScenarioRunsOnTheFirstSeed() throws {
        let options = try options()
        #expect(options == DrillOptions())
        #expect(options.scenario == "all" && options.seed == 1 && options.seeds == 1 && options.format == .text)
    }

    @Test func everyFlagIsRead() throws {
        let options = try options(
            "--candles", "a.csv", "--symbol", "BTC-USD", "--candles=b.csv", "--scenario", "mix", "--seed",
            "18446744073709551615", "--hours", "0.5", "--venue", "binance-usdm", "--log", "-x.jsonl", "--metrics",
            "m.prom",
            "--format", "json", "--faults", "plan.json", "--schedule", "pct(3,500)", "--yields", "20")
        #expect(options.faults == "plan.json")
        #expect(options.schedule == .pct(depth: 3, steps: 500))
        #expect(options.yields == 20)
        #expect(options.candles == ["a.csv", "b.csv"])
        #expect(options.symbols == ["BTC-USD"])
        #expect(options.scenario == "mix")
        #expect(options.seed == .max)
        #expect(options.hours == 0.5)
        #expect(options.log == "-x.jsonl")
        #expect(options.metrics == "m.prom")
        #expect(options.format == .json)
    }

    @Test func theHighestSeedsAreRunAsFarAsARangeGoes() throws {
        #expect(try options("--seed", "18446744073709551615", "--seeds", "1").seed == .max)
        let last = try options("--seed", "18446744073709551613", "--seeds", "2")
        #expect(last.seed == .max - 2 && last.seeds == 2)
    }

    @Test func listAndHelpWinOverTheRest() throws {
        #expect(try DrillCommand(["--list"]) == .list)
        #expect(try DrillCommand(["--help", "--list"]) == .help)
        #expect(try DrillCommand(["-h"]) == .help)
    }

    @Test(arguments: [
        (["--schedule", "lifo"], "\"lifo\"", "random, fifo or pct(D,S)"),
        (["--schedule", "pct(0,5)"], "\"pct(0,5)\"", "1 to 64"),
        (["--yields", "1001"], "\"1001\"", "0 to 1000"),
        (["--faults", "plan.json"], "\"plan.json\" with every scenario", "one --scenario"),
        (["--speed", "9"], "\"--speed\"", "--candles"),
        (["fast"], "\"fast\"", "flag"),
        (["--seed"], "--seed has no value", "0 to 18446744073709551615"),
        (["--seed", "--list"], "--seed has no value", "whole number"),
        (["--seed", "-1"], "\"-1\"", "0 to 18446744073709551615"),
        (["--seed", "18446744073709551616"], "\"18446744073709551616\"", "whole number"),
        (["--seed", "+1"], "\"+1\"", "whole number"),
        (["--seed", "1.5"], "\"1.5\"", "whole number"),
        (["--seed", ""], "\"\"", "whole number"),
        (["--seed", "1", "--seed", "2"], "\"--seed\" is given twice", "once"),
        (["--seeds", "0"], "\"0\"", "1 to 1000000"),
        (["--seeds", "2", "--seed", "18446744073709551615"], "--seeds is 2", "below 18446744073709551615"),
        (["--seeds", "2", "--seed", "18446744073709551614"], "--seeds is 2", "below 18446744073709551615"),
        (["--seeds", "1000000", "--seed", "18446744073708551616"], "--seeds is 1000000", "18446744073709551615"),
        (["--seeds", "1000001"], "\"1000001\"", "1 to 1000000"),
        (["--seeds", "99999999999999999999"], "\"99999999999999999999\"", "1 to 1000000"),
        (["--seeds", "-2"], "\"-2\"", "1 to 1000000"),
        (["--seeds", "٣"], "\"٣\"", "1 to 1000000"),
        (["--seeds="], "\"\"", "1 to 1000000"),
        (["--hours", "nan"], "\"nan\"", "above 0"),
        (["--hours", "inf"], "\"inf\"", "above 0"),
        (["--hours", "0"], "\"0\"", "above 0"),
        (["--hours", "-2"], "\"-2\"", "above 0"),
        (["--hours", "1e3"], "\"1e3\"", "above 0"),
        (["--hours", "0x10"], "\"0x10\"", "above 0"),
        (["--hours", "10001"], "\"10001\"", "at most 10000"),
        (["--hours", "0.0000000000000001"], "\"0.0000000000000001\"", "above 0"),
        (["--scenario", "storm"], "\"storm\"", "calm, busy"),
        (["--venue", "nyse"], "\"nyse\"", "binance-usdm"),
        (["--format", "xml"], "\"xml\"", "text, json"),
        (["--list=yes"], "\"yes\"", "no value"),
        (["--symbol", "BTC USD"], "\"BTC USD\"", "letters"),
        (["--symbol", "A", "--symbol", "A"], "\"A\" twice", "once"),
        (["--candles", "a.csv", "--symbol", "A", "--symbol", "B"], "\"B\" without a file", "at most one"),
        (["--candles", "a.csv", "--candles", "a.csv"], "\"a.csv\" twice", "once"),
        (["--candles", ""], "\"\"", "path"),
        (["--candles", "a.csv", "--log", "a.csv"], "--log is \"a.csv\"", "another file"),
        (["--metrics", "x", "--log", "x"], "--metrics is \"x\"", "another file"),
        (["--seeds", "3", "--log", "x"], "--seeds 3", "single seed"),
        (["--seed", "1\n2"], "\"1\\n2\"", "whole number"),
    ])
    func badArgumentsAreNamedWithValueAndExpectation(_ arguments: [String], _ value: String, _ expected: String) {
        let complaint = complaint(arguments)
        #expect(complaint?.contains(value) == true, "\(complaint ?? "none")")
        #expect(complaint?.contains(expected) == true, "\(complaint ?? "none")")
        #expect(complaint?.contains("expected") == true)
        #expect(complaint?.isOneLine == true)
    }
}
