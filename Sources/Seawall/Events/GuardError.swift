public import SeawallBroker
public import SeawallTime

/// Why a call to the guarded broker did not return what was asked.
///
/// Only `rejected` says that the venue refused; `denied` and `notSent` say that nothing was sent; `outcomeUnknown` says
/// that the order may exist. The error of the venue or of the adapter comes back untouched in `cause`.
public struct GuardError: Error, Sendable {
    /// The kind of error, an open set.
    public struct Code: BrokerIdentifier {
        /// The name of the kind.
        public var rawValue: String

        /// Makes a code from its name.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// Refused here, by a pause, for want of reduce-only capacity, by a breaker or a limit; nothing was sent.
        public static let denied: Code = "denied"
        /// The request makes no sense; nothing was sent.
        public static let invalid: Code = "invalid"
        /// Too late to be sent, or withdrawn by a cancel before it was sent; nothing was sent.
        public static let notSent: Code = "not_sent"
        /// The venue refused it, for good.
        public static let rejected: Code = "rejected"
        /// Handed over, and nothing proves what became of it.
        ///
        /// The order is in `order`, and is being resolved.
        public static let outcomeUnknown: Code = "outcome_unknown"
        /// The intent was placed before with another body; nothing was sent.
        public static let intentReused: Code = "intent_reused"
        /// The intent could not be written down, so that a restart would not know it; nothing was sent.
        public static let notSaved: Code = "not_saved"
        /// The venue knows no such order.
        public static let noSuchOrder: Code = "no_such_order"
        /// A read failed, after every retry that it was worth.
        public static let failed: Code = "failed"
    }

    /// The kind of error.
    public var code: Code

    /// What happened, with the value at fault and what to do.
    public var message: String

    /// Every cause that blocks, by reason code, for a denial.
    public var reasons: [String]

    /// When the same call may pass, where that is known.
    public var until: MonotonicInstant?

    /// The order as far as it is known.
    public var order: Order?

    /// The error below this one, untouched.
    public var cause: (any Error)?

    /// Makes an error.
    public init(
        code: Code, message: String, reasons: [String] = [], until: MonotonicInstant? = nil, order: Order? = nil,
        cause: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.reasons = reasons
        self.until = until
        self.order = order
        self.cause = cause
    }
}

extension GuardError: CustomStringConvertible {
    /// The message with code, reasons and cause on one line.
    public var description: String {
        var text = "\(code): \(message)"
        if !reasons.isEmpty { text += " [" + reasons.joined(separator: ", ") + "]" }
        if let cause { text += " (cause: \(cause))" }
        return text
    }
}
