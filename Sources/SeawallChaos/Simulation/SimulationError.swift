/// Why a simulation could not be set up.
public struct SimulationError: Error, Hashable, CustomStringConvertible {
    /// What kind of error it is.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// The code as it is written in texts.
        public let rawValue: String

        /// Makes a code from its text.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// A field of the configuration, or the asked length of the run, is out of range.
        public static let invalidConfiguration = Code(rawValue: "invalid-configuration")
    }

    /// What kind of error it is.
    public let code: Code

    /// What is wrong, with the value at fault and what was expected.
    public let message: String

    /// Makes an error.
    public init(code: Code, message: String) {
        self.code = code
        self.message = message
    }

    /// The code and the message.
    public var description: String { "\(code.rawValue): \(message)" }
}
