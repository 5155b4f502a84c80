/// The error of a retry that ran out: why, after how many attempts, and the last error untouched inside.
public struct BackoffExhausted: Error, Sendable, CustomStringConvertible {
    /// Why a retry ended.
    public struct Reason: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
        /// The reason's name.
        public var rawValue: String

        /// Makes a reason from its name.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// The policy's number of attempts was used up.
        public static let attempts = Reason(rawValue: "attempts")

        /// The next attempt could not begin within the elapsed budget.
        public static let elapsed = Reason(rawValue: "elapsed")

        /// The next attempt could not begin before the deadline.
        public static let deadline = Reason(rawValue: "deadline")

        /// The reason's name.
        public var description: String { rawValue }
    }

    /// Why the retry ended.
    public var reason: Reason

    /// How many calls were made; 0 where the deadline had passed before the first.
    public var attempts: Int

    /// The error of the last call as it was thrown; nil where no call was made.
    public var lastError: (any Error)?

    /// Makes the error.
    public init(reason: Reason, attempts: Int, lastError: (any Error)?) {
        self.reason = reason
        self.attempts = attempts
        self.lastError = lastError
    }

    /// Reason, attempts and last error in one line.
    public var description: String {
        let cause = lastError.map { "last error: \($0)" } ?? "none was made"
        return "retry ran out of \(reason) after \(attempts) calls; \(cause)"
    }
}
