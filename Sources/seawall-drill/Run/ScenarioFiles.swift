/// The files that one scenario writes, open before anything runs.
struct ScenarioFiles: Sendable {
    let log: FileOutput?
    let metrics: FileOutput?

    /// Opens the files of a scenario.
    ///
    /// - Throws: `BadInput` for the first that cannot be written.
    init(_ plan: DrillPlan, _ scenario: Scenario) throws(BadInput) {
        log = try Self.open(plan.options.log, "--log", plan, scenario)
        metrics = try Self.open(plan.options.metrics, "--metrics", plan, scenario)
    }

    private static func open(
        _ path: String?, _ flag: String, _ plan: DrillPlan, _ scenario: Scenario
    ) throws(BadInput) -> FileOutput? {
        guard let path else { return nil }
        return try FileOutput(path: plan.path(path, of: scenario), flag: flag)
    }

    /// Ends both files; gives what could not be written.
    func finish(metricsText: String?) -> [String] {
        if let metrics, let metricsText {
            for line in metricsText.split(separator: "\n") { metrics.write(line: String(line)) }
        }
        return [log, metrics].compactMap { file in
            guard let file, let failure = file.finish() else { return nil }
            return "\(BadInput.quoted(file.path)): \(failure), the file is not whole"
        }
    }
}
