/// A seed whose run went wrong.
public struct SeedFailure: Sendable {
    /// The seed.
    public let seed: UInt64

    /// What was wrong, the first of it first; never empty.
    public let failures: [SimulationFailure]

    /// The report of the run.
    public let report: SimulationReport

    /// How the search names its faults.
    let faults: String

    /// One line with all that is needed to see the run again.
    public var reproduction: String { report.reproduction(faults: faults) }
}

extension SeedFailure: CustomStringConvertible {
    /// What was wrong, what could not be watched, then the line that reproduces it.
    public var description: String {
        (failures.map(\.description) + [report.detectors.warning, reproduction].compactMap(\.self))
            .joined(separator: "\n")
    }
}
