public import SeawallBroker

/// Why state is not kept, or could not be read.
public struct JournalError: Error, Sendable {
    /// The kind of error, an open set.
    public struct Code: BrokerIdentifier {
        /// The word for it.
        public var rawValue: String

        /// Makes a code from its word.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The storage cannot be read.
        public static let unreadable: Code = "unreadable"
        /// Something was kept, and is gone.
        public static let lost: Code = "lost"
        /// What is kept contradicts itself: a line in the middle is damaged, missing or there twice.
        public static let damaged: Code = "damaged"
        /// What is kept was written by a newer version, or by something else.
        public static let unknownFormat: Code = "unknown_format"
        /// The storage cannot be written.
        public static let unwritable: Code = "unwritable"
        /// The storage did not answer in time.
        public static let stalled: Code = "stalled"
        /// Another process, or another journal of this one, holds the file.
        public static let inUse: Code = "in_use"
        /// There is no state that would have to be given up.
        public static let notHalted: Code = "not_halted"
        /// A setting is out of its range.
        public static let invalid: Code = "invalid"
    }

    /// The kind of error.
    public var code: Code

    /// What happened, where, and what to do.
    public var message: String

    /// The error below this one, untouched.
    public var cause: (any Error)?

    /// Makes an error.
    public init(code: Code, message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }
}

extension JournalError: CustomStringConvertible {
    /// Code, message and cause on one line.
    public var description: String {
        guard let cause else { return "\(code): \(message)" }
        return "\(code): \(message) (cause: \(cause))"
    }
}
