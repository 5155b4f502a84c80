import Seawall
import SeawallChaos

/// The lines that `--format text` prints.
enum TextReport {
    /// A run: its timeline, its figures and metrics, and a verdict for each promise.
    static func lines(of result: TrialResult, _ tally: Tally, timeline: Timeline) -> [String] {
        let report = result.report
        var lines = [
            "",
            "\(result.scenario.name): \(result.scenario.summary); seed \(result.seed), \(plain(result.hours)) hours of "
                + result.venue,
            "  timeline",
        ]
        if timeline.entries.isEmpty { lines.append("    nothing went wrong") }
        for entry in timeline.entries {
            let clock = Timeline.clock(entry.at)
            lines.append("    " + padded(clock, 10, isRight: true) + "  " + entry.text)
        }
        if timeline.omitted > 0 { lines.append("    and \(timeline.omitted) more; --log FILE writes everything") }
        if let metrics = report.metrics {
            lines.append("  metrics")
            lines += MetricLines.lines(of: metrics.snapshot()).map { "    " + $0 }
        }
        let unstruck = report.unstruck.map { "  never struck: \($0)" }
        return lines + figures(tally) + unstruck + verdicts(tally)
    }

    /// What happened, counted, and each fault times each operation that it struck.
    static func figures(_ tally: Tally) -> [String] {
        let counts = tally.counts
        var lines = [
            "  \(tally.steps) steps, \(counts.requests) requests, \(counts.orders) orders, \(counts.fills) fills, "
                + "\(counts.unknowns) unknowns, \(counts.alerts) alerts"
        ]
        if let obstacle = tally.obstacle { lines.append("  " + obstacle) }
        if !counts.strikes.isEmpty {
            let strikes = counts.strikes.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            lines.append("  faults struck: " + strikes.joined(separator: ", "))
        }
        return lines
    }

    /// A line for each promise.
    static func verdicts(_ tally: Tally) -> [String] {
        tally.verdicts.sorted { $0.key < $1.key }.map { promise, verdict in
            let tests = "\(verdict.checked) of at least \(verdict.minimum) tests"
            let broken = verdict.broken.isEmpty ? "" : ", broken \(verdict.broken.count) times"
            return "  " + padded(promise.rawValue, 4) + padded(verdict.outcome.rawValue, 10)
                + padded(tests + broken, 34) + "  " + promise.sentence
        }
    }

    /// The sums over many seeds.
    static func lines(of tally: Tally) -> [String] {
        let runs = "\(tally.runs) runs of \(plain(tally.hours)) hours of \(tally.venue) from seed \(tally.seed) on"
        let (possible, unstruck) = (tally.odds.possible.count, tally.unstruck)
        var lines = ["", "\(tally.scenario): \(runs)"] + figures(tally)
        if !unstruck.isEmpty {
            let names = unstruck.joined(separator: ", ")
            lines.append("  not struck, \(unstruck.count) of \(possible) that a call was made for: " + names)
        }
        return lines + verdicts(tally)
    }

    /// A number without a fraction that says nothing.
    static func plain(_ number: Double) -> String { Int64(exactly: number).map(String.init) ?? String(number) }

    private static func padded(_ text: String, _ width: Int, isRight: Bool = false) -> String {
        let padding = String(repeating: " ", count: max(0, width - text.count))
        return isRight ? padding + text : text + padding
    }
}

extension Promise {
    /// The promise in a sentence.
    var sentence: String {
        switch self {
        case .oneOrderPerIntent: "one intent, at most one order at the venue"
        case .reduceOnlyHolds: "while trading is restricted, nothing that can raise exposure is sent"
        case .nothingIntoABan: "nothing is sent into a ban or a Retry-After"
        case .windowsHold: "no window of the venue holds more than its limit"
        case .cancelsGetThrough: "cancels get through"
        case .latchIsDurable: "a latch is durable before anything is done because of it"
        case .tripActsOnce: "a trip latches before it acts, and acts once"
        case .nothingUnproven: "what is not proven is unknown"
        case .halfOpenEnds: "a half-open breaker ends, and admits no more probes than told"
        case .oneAlertPerEpisode: "sinks hear once when an episode begins and once when it ends"
        case .sameSeedSameBytes: "the same seed gives the same bytes"
        case .progress: "once everything has healed, trading goes on"
        }
    }
}
