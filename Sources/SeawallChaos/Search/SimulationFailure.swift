/// One thing that was wrong with a run.
public struct SimulationFailure: Sendable, Hashable, CustomStringConvertible {
    /// What kind of failure it is: two runs with the same kind fail the same way.
    public struct Kind: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
        /// The kind as it is written in texts.
        public let rawValue: String

        /// Makes a kind from its text.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// A promise was broken.
        public static func promise(_ promise: Promise) -> Kind { Kind(rawValue: "promise \(promise.rawValue)") }

        /// An invariant of that name did not hold.
        public static func invariant(_ name: String) -> Kind { Kind(rawValue: "invariant \(name)") }

        /// The body threw an error of that type.
        public static func thrown(_ error: any Error) -> Kind { Kind(rawValue: "threw \(type(of: error))") }

        /// Work left the simulation.
        public static func escape(_ kind: SimulationEscape.Kind) -> Kind { Kind(rawValue: "escape \(kind.rawValue)") }

        /// Nothing could happen any more.
        public static let stalled = Kind(rawValue: "stalled")

        /// Virtual time would never have moved.
        public static let spinning = Kind(rawValue: "spinning")

        /// The limit of steps was reached.
        public static let stepLimit = Kind(rawValue: "step limit")

        /// Something lived on after the end.
        public static let leaked = Kind(rawValue: "leaked")

        /// The text.
        public var description: String { rawValue }
    }

    /// What kind of failure it is.
    public let kind: Kind

    /// What happened, for a person.
    public let message: String

    /// Makes a failure.
    public init(kind: Kind, message: String) {
        self.kind = kind
        self.message = message
    }

    /// The kind and what happened; a message that begins with the kind says it for both.
    public var description: String { message.hasPrefix(kind.rawValue) ? message : "\(kind): \(message)" }
}

extension SimulationReport {
    /// Everything that was wrong with the run; empty where it was clean and kept every promise.
    ///
    /// First what stopped it, then the promises in their order, each by the first time that it was broken.
    public var failures: [SimulationFailure] {
        var failures: [SimulationFailure] = []
        switch outcome {
        case .finished, .timeLimit: break
        case .invariant(let violation):
            failures.append(SimulationFailure(kind: .invariant(violation.name), message: "\(violation)"))
        case .escaped(let escape):
            failures.append(SimulationFailure(kind: .escape(escape.kind), message: "escape \(escape)"))
        case .stalled: failures.append(SimulationFailure(kind: .stalled, message: "\(outcome)"))
        case .spinning: failures.append(SimulationFailure(kind: .spinning, message: "\(outcome)"))
        case .stepLimit: failures.append(SimulationFailure(kind: .stepLimit, message: "\(outcome)"))
        }
        if let thrown { failures.append(SimulationFailure(kind: .thrown(thrown), message: "\(thrown)")) }
        for (promise, finding) in findings.sorted(by: { $0.key < $1.key }) {
            guard let first = finding.broken.first else { continue }
            let more = finding.broken.count > 1 ? " (and \(finding.broken.count - 1) more)" : ""
            failures.append(SimulationFailure(kind: .promise(promise), message: first + more))
        }
        // A run that was stopped is cut off in the middle: what lives on then was in its way.
        if case .finished = outcome, !leaks.isEmpty {
            failures.append(SimulationFailure(kind: .leaked, message: "\(leaks)"))
        } else if case .timeLimit = outcome, !leaks.isEmpty {
            failures.append(SimulationFailure(kind: .leaked, message: "\(leaks)"))
        }
        if failures.isEmpty, let escape = escapes.first {
            failures.append(SimulationFailure(kind: .escape(escape.kind), message: "escape \(escape)"))
        }
        return failures
    }
}
