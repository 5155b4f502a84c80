public import SeawallBroker

/// Why a simulated disk did not do what it was asked.
public struct DiskError: Error, Sendable, CustomStringConvertible {
    /// The kind of error, an open set.
    public struct Code: BrokerIdentifier {
        /// The name of the kind.
        public var rawValue: String

        /// Makes a code from its name.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// There is no room for what was to be written; a part of it may be there.
        public static let full: Code = "full"
        /// Reading or writing failed.
        public static let inputOutput: Code = "input_output"
        /// What was kept is gone.
        public static let missing: Code = "missing"
        /// The machine has no power, or the process that opened the file is dead.
        public static let powerLost: Code = "power_lost"
    }

    /// The kind of error.
    public var code: Code

    /// What was asked of which file, and why it was not done.
    public var message: String

    /// Makes an error.
    public init(code: Code, message: String) {
        self.code = code
        self.message = message
    }

    /// The kind and the message.
    public var description: String { "\(code): \(message)" }
}
