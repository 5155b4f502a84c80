internal import SeawallTime

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

        /// The next attempt could not begin, or not finish, before the deadline.
        public static let deadline = Reason(rawValue: "deadline")

        /// The client's retry budget had nothing left.
        public static let budget = Reason(rawValue: "budget")

        /// The server asked for a longer wait than the policy allows.
        public static let retryAfter = Reason(rawValue: "retryAfter")

        /// The reason's name.
        public var description: String { rawValue }
    }

    /// How many of the last failures `history` keeps.
    public static let historyLimit = 32

    /// Why the retry ended.
    public var reason: Reason

    /// How many calls were made; 0 where the deadline had passed before the first.
    public var attempts: Int

    /// The error of the last call as it was thrown; nil where no call was made.
    public var lastError: (any Error)?

    /// The attempts that failed, in the order in which they failed, the last one included; at most `historyLimit`.
    public var history: [FailedAttempt]

    /// Makes the error.
    public init(reason: Reason, attempts: Int, lastError: (any Error)?, history: [FailedAttempt] = []) {
        self.reason = reason
        self.attempts = attempts
        self.lastError = lastError
        self.history = history
    }

    /// Reason, attempts and last error in one line.
    public var description: String {
        let cause = lastError.map { "last error: \($0)" } ?? "none was made"
        return "retry ended by its \(reason) after \(attempts) \(attempts == 1 ? "call" : "calls"); \(cause)"
    }
}

extension BackoffExhausted {
    /// The same with every error in it exchanged, for whoever wraps errors on their way through a retry.
    package func mapErrors(_ transform: (any Error) -> any Error) -> BackoffExhausted {
        var mapped = self
        mapped.lastError = lastError.map(transform)
        for index in mapped.history.indices { mapped.history[index].error = transform(history[index].error) }
        return mapped
    }
}

extension BackoffExhausted: RefusalSummary {
    /// True where no attempt was made, or every one of them was refused on this side.
    var isRefusal: Bool { history.count >= attempts && history.allSatisfy(\.error.saysNothingWasDone) }
}
