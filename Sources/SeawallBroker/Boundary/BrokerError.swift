/// A call to a venue that did not return what was asked, with everything the adapter knows about why.
///
/// What it means for an order is not said here: the classifier judges that from operation, profile and error together.
public struct BrokerError: Error, Sendable {
    /// The kind of error, an open set.
    public struct Code: BrokerIdentifier {
        /// The name of the kind.
        public var rawValue: String

        /// Makes a code from its name.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The venue, or something in front of it, answered with an error.
        public static let answered: Code = "answered"
        /// The connection failed: refused, reset, closed, name not found.
        public static let transport: Code = "transport"
        /// No answer came in time.
        public static let timeout: Code = "timeout"
        /// An answer came and could not be understood.
        public static let unreadable: Code = "unreadable"
        /// The venue lacks what was asked for; nothing was sent.
        public static let unsupported: Code = "unsupported"
        /// The request makes no sense; nothing was sent.
        public static let invalidRequest: Code = "invalid_request"
    }

    /// Whether the venue may have seen the request.
    public enum Delivery: String, Codable, Sendable {
        /// Proven: no byte of it left.
        case notSent = "not_sent"
        /// Bytes may have left, and no answer came.
        case maybeSent = "maybe_sent"
        /// The venue answered.
        case answered
    }

    /// The kind of error.
    public var code: Code

    /// What happened, for a person.
    public var message: String

    /// Whether the venue may have seen the request.
    public var delivery: Delivery

    /// The HTTP status, where there was one.
    public var status: Int?

    /// The venue's own code, for example `-2010`.
    public var venueCode: String?

    /// The body of the answer, as it came.
    ///
    /// Hand it on: where the venue gives no code, its own words here are the only proof that a profile takes.
    public var body: String?

    /// Retry-After as it came: seconds, an HTTP date, or epoch milliseconds.
    public var retryAfter: String?

    /// The error below this one.
    public var cause: (any Error)?

    /// Makes an error.
    public init(
        code: Code, message: String, delivery: Delivery, status: Int? = nil, venueCode: String? = nil,
        body: String? = nil, retryAfter: String? = nil, cause: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.delivery = delivery
        self.status = status
        self.venueCode = venueCode
        self.body = body
        self.retryAfter = retryAfter
        self.cause = cause
    }

    /// The error of a call that the venue has nothing for.
    public static func lacks(_ capability: BrokerCapability) -> BrokerError {
        BrokerError(
            code: .unsupported,
            message: "the venue lacks \(capability); look into capabilities before asking for it",
            delivery: .notSent)
    }
}

extension BrokerError: CustomStringConvertible {
    /// Everything but body and cause on one line.
    public var description: String {
        var parts = ["\(code): \(message)"]
        if let status { parts.append("status \(status)") }
        if let venueCode { parts.append("venue code \(venueCode)") }
        if let retryAfter { parts.append("retry after \(retryAfter)") }
        parts.append("delivery \(delivery.rawValue)")
        return parts.joined(separator: ", ")
    }
}
