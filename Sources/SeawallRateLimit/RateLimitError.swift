public import SeawallTime

/// Why a limiter did not let a call go, or could not be made.
public struct RateLimitError: CallRefusal, Sendable {
    /// The reason of an error or a refusal.
    ///
    /// More may come: treat one that is not known as a refusal.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// The name of the reason, for logs and statistics.
        public var rawValue: String

        /// Makes a code from its name.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// The deadline came before the turn, or provably would; nothing was taken.
        public static let deadlineExceeded = Code(rawValue: "deadlineExceeded")

        /// The queue is full and nothing in a lower lane could make room.
        public static let queueFull = Code(rawValue: "queueFull")

        /// The weight can never fit: it is over the bucket's burst less what is reserved for higher lanes.
        public static let weightOverBurst = Code(rawValue: "weightOverBurst")

        /// What the charge wants left in a bucket can never be left there.
        public static let cannotBeLeft = Code(rawValue: "cannotBeLeft")

        /// The charge names a bucket that the limiter does not have.
        public static let unknownBucket = Code(rawValue: "unknownBucket")

        /// The lane is not in the limiter's list.
        public static let unknownLane = Code(rawValue: "unknownLane")

        /// A weight is negative.
        public static let invalidWeight = Code(rawValue: "invalidWeight")

        /// The waiter gave up its place to one of a higher lane, because the queue was full.
        public static let shed = Code(rawValue: "shed")

        /// The limiter was shut down.
        public static let shutDown = Code(rawValue: "shutDown")

        /// A bucket has not enough tokens at this instant.
        public static let noTokens = Code(rawValue: "noTokens")

        /// A gate on one of the scopes is closed.
        public static let gated = Code(rawValue: "gated")

        /// Somebody of the same lane who shares a bucket, or of a higher one who shares a bucket or a scope, waits already.
        public static let behindWaiters = Code(rawValue: "behindWaiters")

        /// The charge has a new key, and every counter of buckets with keys is in use.
        public static let tooManyKeys = Code(rawValue: "tooManyKeys")

        /// A call is to be prepared that charges more than four buckets.
        public static let tooManyBuckets = Code(rawValue: "tooManyBuckets")

        /// Another task waits for the turn of the same reservation.
        public static let reservationInUse = Code(rawValue: "reservationInUse")

        /// The store that keeps the limits does not answer in time, has failed, or says what makes no sense.
        public static let storeFailed = Code(rawValue: "storeFailed")

        /// The store that keeps the limits will never grant this; `details` says what it has said.
        public static let storeRefused = Code(rawValue: "storeRefused")

        /// The configuration has bad fields; `details` has a line for each.
        public static let invalidConfiguration = Code(rawValue: "invalidConfiguration")
    }

    /// The reason.
    public var code: Code

    /// The name of the bucket, scope or lane that stood in the way; empty where there is none.
    public var subject: String

    /// The earliest instant at which the same call could have gone, where it is known.
    public var until: MonotonicInstant?

    /// What was wrong, a line for each value, with what was expected.
    public var details: [String]

    /// Makes an error.
    public init(code: Code, subject: String = "", until: MonotonicInstant? = nil, details: [String] = []) {
        self.code = code
        self.subject = subject
        self.until = until
        self.details = details
    }
}

extension RateLimitError {
    /// The same as `until`, for a retry around the limiter.
    public var notBefore: MonotonicInstant? { until }
}

extension RateLimitError: CustomStringConvertible {
    /// The code, what stood in the way, until when, and every detail.
    public var description: String {
        var text = "rate limit: \(code.rawValue)"
        if !subject.isEmpty { text += " (\(subject))" }
        if let until { text += " until \(until)" }
        if !details.isEmpty { text += ": " + details.joined(separator: "; ") }
        return text
    }
}
