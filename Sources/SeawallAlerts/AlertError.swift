/// Why a sink was not registered; one error names everything that is wrong.
public struct AlertError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of refusal it is; more codes may come.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// The code's text.
        public let rawValue: String

        /// Makes a code from its text.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// A sink of the same name is registered.
        public static let duplicateSink = Code(rawValue: "duplicate_sink")

        /// The sink has no name.
        public static let namelessSink = Code(rawValue: "nameless_sink")
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
    public var description: String { "alerts \(code.rawValue): " + problems.joined(separator: "; ") }
}
