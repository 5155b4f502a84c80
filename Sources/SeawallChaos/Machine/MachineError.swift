public import SeawallBroker

/// Why a simulated machine could not be started.
public struct MachineError: Error, Sendable, CustomStringConvertible {
    /// The kind of error, an open set.
    public struct Code: BrokerIdentifier {
        /// The name of the kind.
        public var rawValue: String

        /// Makes a code from its name.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The world has one machine, and it runs already.
        public static let alreadyRunning: Code = "already_running"
        /// A setting that makes no sense.
        public static let invalid: Code = "invalid"
    }

    /// The kind of error.
    public var code: Code

    /// What is wrong, with the value at fault and what was expected.
    public var message: String

    /// Makes an error.
    public init(code: Code, message: String) {
        self.code = code
        self.message = message
    }

    /// The kind and the message.
    public var description: String { "\(code): \(message)" }
}
