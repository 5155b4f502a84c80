/// Why a metric or a registry could not be made; one error names everything that is wrong.
public struct MetricsError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of refusal it is; more codes may come.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// The code's text.
        public let rawValue: String

        /// Makes a code from its text.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// A name, a label, a bucket or a limit is outside what the format or the registry allows.
        public static let invalid = Code(rawValue: "invalid")

        /// The name is taken by a metric of another kind, help, label set or buckets.
        public static let conflict = Code(rawValue: "conflict")
    }

    /// What kind of refusal it is.
    public let code: Code

    /// Everything that is wrong, each with the value and what was expected.
    public let problems: [String]

    init(_ code: Code, _ problems: [String]) {
        self.code = code
        self.problems = problems
    }

    /// The problems in one line.
    public var description: String { "metrics \(code.rawValue): " + problems.joined(separator: "; ") }
}
