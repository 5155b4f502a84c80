internal import SeawallBackoff
internal import SeawallTime

/// Why something did not leave the process.
///
/// No address is in it: those of webhooks are secrets.
public struct ExportError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is; more codes may come.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// The code's text.
        public let rawValue: String

        /// Makes a code from its text.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The server could not be reached, or the connection broke.
        public static let unreachable = Code(rawValue: "unreachable")

        /// No answer came in time.
        public static let timedOut = Code(rawValue: "timed_out")

        /// The server answered, but not with success.
        public static let refused = Code(rawValue: "refused")

        /// The platform has no mailer, or none where it was looked for.
        public static let noMailer = Code(rawValue: "no_mailer")

        /// The mailer did not take the message.
        public static let mailerFailed = Code(rawValue: "mailer_failed")
    }

    /// What kind of failure it is.
    public let code: Code

    /// What happened, with what was expected.
    public let message: String

    /// The status of the HTTP answer, or with which the mailer ended, where there was one.
    public let status: Int?

    /// What lies beneath.
    public let cause: (any Error)?

    /// True where the message may have arrived all the same: no answer came, or one that leaves it open.
    public var mayHaveArrived: Bool { failure == .ambiguous }

    /// True where to try again is of no use.
    let isFinal: Bool

    /// What the failure says about the message.
    let failure: FailureClass

    /// When the server may be asked again, where it said so.
    let retryAfter: MonotonicInstant?

    init(
        _ code: Code, _ message: String, status: Int? = nil, cause: (any Error)? = nil, isFinal: Bool = false,
        failure: FailureClass = .ambiguous, retryAfter: MonotonicInstant? = nil
    ) {
        self.code = code
        self.message = message
        self.status = status
        self.cause = cause
        self.isFinal = isFinal
        self.failure = failure
        self.retryAfter = retryAfter
    }

    /// What a retry makes of it: a message that may have arrived is sent again only where a second one does no harm.
    var decision: RetryDecision {
        if isFinal { return .stop }
        return retryAfter.map { .retryAfter(until: $0, as: failure) } ?? .retry(as: failure)
    }

    /// The code, the message and the cause in one line.
    public var description: String {
        "\(code.rawValue): \(message)" + (cause.map { ": \($0)" } ?? "")
    }
}
