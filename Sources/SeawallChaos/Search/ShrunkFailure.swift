/// A failure made small, with the line and the test that show it again.
public struct ShrunkFailure: Sendable {
    /// How large a failing run is.
    public struct Size: Sendable, Hashable, CustomStringConvertible {
        /// How many faults strike.
        public let faults: Int

        /// How many jobs run.
        public let steps: Int

        /// How long it is allowed to be, in virtual time.
        public let length: Duration

        /// The numbers in words.
        public var description: String { "\(faults.of("fault")), \(steps.of("step")), \(length)" }
    }

    /// How it fails, before and after.
    public let kind: SimulationFailure.Kind

    /// What the small run says.
    public let failure: SimulationFailure

    /// The report of the small run.
    public let report: SimulationReport

    /// Which of the simpler bodies it has; nil for the search's own.
    public let bodyName: String?

    /// How large the failing run was.
    public let original: Size

    /// How large it is now.
    public let shrunk: Size

    /// What was made smaller, in order.
    public let steps: [String]

    /// How many runs it took.
    public let runs: Int

    /// Whether it came to its end within the budget; otherwise it may be possible to make it smaller.
    public let isComplete: Bool

    /// How long it took, in real time.
    public let elapsed: Duration

    /// The faults that are left.
    public var faults: FaultPlan { report.faults }

    /// One line with all that is needed to see the small run again.
    public var reproduction: String { report.reproduction }

    /// A test to paste that runs the small run again; `body` is what it does in `world`.
    public func test(body: String = "try await body(world)") -> String {
        let words = kind.rawValue.split { !$0.isLetter && !$0.isNumber }
        return report.test(
            named: "seed\(report.seed)FailsBy" + words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined(),
            body: body)
    }
}

extension ShrunkFailure: CustomStringConvertible {
    /// What is left, how it became so, what could not be watched, the line that reproduces it, and the test.
    public var description: String {
        var lines = [
            "\(failure)",
            "shrunk from \(original) to \(shrunk), in \(runs.of("run")) and \(elapsed)"
                + (isComplete ? "" : ", budget used up"),
            steps.joined(separator: "; "),
        ]
        if let warning = report.detectors.warning { lines.append(warning) }
        return (lines + [reproduction, "", test()]).joined(separator: "\n")
    }
}
