/// What a run came to.
public struct SimulationReport: Sendable {
    /// The seed of the run.
    public let seed: UInt64

    /// How the run was configured.
    public let configuration: SimulationConfiguration

    /// What went wrong in it by plan.
    public let faults: FaultPlan

    /// How long it was to be at the most; nil where nothing was said.
    public let length: Duration?

    /// How it ended.
    public let outcome: SimulationOutcome

    /// The error with which the body ended of itself, nil where it returned or was stopped.
    public let thrown: (any Error)?

    /// How many jobs ran until the run stopped; its shutdown is not counted.
    public let steps: Int

    /// How far virtual time went until the run stopped.
    public let virtualElapsed: Duration

    /// The hash of every pick, move of time and note until the run stopped; equal for equal seeds and builds.
    public let hash: UInt64

    /// The escapes that were seen, the first 16 of them, those during the shutdown too.
    public let escapes: [SimulationEscape]

    /// What still lived after the shutdown.
    public let leaks: SimulationLeaks

    /// Which detectors were at work besides those that always are.
    public let detectors: SimulationDetectors

    /// What the parts of the world left for those who judge the run.
    package let attachments: WorldAttachments

    /// Whether the run went as a run should: it finished or reached its time, threw nothing, and left nothing behind.
    public var isClean: Bool {
        guard thrown == nil, escapes.isEmpty, leaks.isEmpty else { return false }
        switch outcome {
        case .finished, .timeLimit: return true
        case .stepLimit, .spinning, .stalled, .escaped, .invariant: return false
        }
    }
}

extension SimulationReport: CustomStringConvertible {
    /// The outcome, the figures, what went wrong, the faults that never struck, and the line that reproduces it.
    public var description: String {
        var lines = ["\(outcome)", "\(steps) steps, \(virtualElapsed) of virtual time, hash \(hash)"]
        if let thrown { lines.append("threw \(thrown)") }
        lines += escapes.map { "escape: \($0)" }
        lines += brokenPromises.prefix(16).map { "broken: \($0)" }
        lines += unstruck.prefix(16).map { "never struck: \($0)" }
        if !leaks.isEmpty { lines.append("\(leaks)") }
        if let warning = detectors.warning { lines.append(warning) }
        lines.append(reproduction)
        return lines.joined(separator: "\n")
    }
}
