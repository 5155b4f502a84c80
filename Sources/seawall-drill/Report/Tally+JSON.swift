import SeawallChaos

extension Tally {
    /// The object that `--format json` prints; `parts` are the tallies that it sums up, if there are several.
    func json(parts: [Tally] = []) -> JSONText {
        var fields: [(String, JSONText)] = [
            ("seed", .integer(seed)),
            ("scenario", .string(scenario)),
            ("venue", .string(venue)),
            ("hours", .number(hours)),
            ("steps", .count(steps)),
            ("requests", .count(counts.requests)),
            ("orders", .count(counts.orders)),
            ("fills", .count(counts.fills)),
            ("unknowns", .count(counts.unknowns)),
            ("alerts", .count(counts.alerts)),
            ("promises", .object(verdicts.sorted { $0.key < $1.key }.map { ($0.key.rawValue, $0.value.json) })),
            ("runs_not_clean", .count(unclean)),
            ("strikes", .object(counts.strikes.sorted { $0.key < $1.key }.map { ($0.key, JSONText.count($0.value)) })),
        ]
        if let obstacle { fields.append(("obstacle", .string(obstacle))) }
        if runs > 1 { fields.append(("run_count", .count(runs))) }
        if !parts.isEmpty { fields.append(("runs", .array(parts.map { $0.json() }))) }
        return .object(fields)
    }
}

extension Verdict {
    /// Whether it was kept, and how often it was put to the test.
    ///
    /// What a scenario does not try, and did not test by chance, is neither kept nor broken.
    fileprivate var json: JSONText {
        let kept: JSONText =
            switch outcome {
            case .kept: .bool(true)
            case .broken: .bool(false)
            case .notTried: minimum == 0 ? .null : .bool(false)
            }
        return .object([
            ("kept", kept), ("checked", .count(checked)), ("minimum", .count(minimum)),
            ("broken", .count(broken.count)),
        ])
    }
}
