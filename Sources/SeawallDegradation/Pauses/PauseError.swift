public import SeawallBroker

/// A pause that makes no sense, with everything that is wrong about it.
public struct PauseError: Error, Hashable, Sendable {
    /// The kind of error, an open set.
    public struct Code: BrokerIdentifier {
        /// The word for it.
        public var rawValue: String

        /// Makes a code from its word.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// A duration or a level is out of its range.
        public static let invalidPause: Code = "invalid_pause"
    }

    /// The kind of error.
    public var code: Code

    /// Every value at fault, with its range.
    public var message: String

    package init(code: Code, message: String) {
        self.code = code
        self.message = message
    }
}

extension PauseError: CustomStringConvertible {
    /// Code and message on one line.
    public var description: String { "\(code): \(message)" }
}
