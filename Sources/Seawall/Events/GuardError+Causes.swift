internal import SeawallBroker
internal import SeawallCircuitBreaker
internal import SeawallDegradation
internal import SeawallRateLimit
internal import SeawallTime

extension GuardError {
    /// The error of a call that was handed over and proves nothing.
    static func unknown(_ order: Order, cause: (any Error)?) -> GuardError {
        GuardError(
            code: .outcomeUnknown,
            message:
                "nothing proves what became of \(order.clientID?.rawValue ?? "the order"); it counts as if it were "
                + "at the venue, and is being resolved. Place the same intent again to ask for it",
            order: order, cause: cause)
    }

    /// The error of an order whose intent could not be written down.
    static func notSaved(_ order: Order, _ cause: JournalError) -> GuardError {
        GuardError(
            code: .notSaved,
            message:
                "\(order.clientID?.rawValue ?? "the order") was not sent, since it could not be written down first; place "
                + "it again when the journal's storage works",
            reasons: [ReasonCode.stateUnwritable.rawValue], order: order, cause: cause)
    }

    /// The error of an amend that could not be written down.
    static func notSaved(_ amend: AmendRequest, _ order: Order?, _ cause: JournalError) -> GuardError {
        GuardError(
            code: .notSaved,
            message:
                "the amend of \(amend.target) was not sent, since it could not be written down first; ask for it again "
                + "when the journal's storage works",
            reasons: [ReasonCode.stateUnwritable.rawValue], order: order, cause: cause)
    }

    /// The error of an order that the gate denies.
    init(_ denial: Denial) {
        let causes = denial.blockers.map(\.cause.code.rawValue)
        self.init(
            code: denial.code == .expired ? .notSent : .denied, message: denial.description,
            reasons: [denial.code.rawValue] + causes, cause: denial)
    }
}

extension Turned {
    /// True where time alone kept it here.
    var isLate: Bool {
        switch self {
        case .late: true
        case .limited(let error): error.code == .deadlineExceeded
        case .unaffordable, .breaker, .lastLook, .callerCancelled: false
        }
    }

    /// The error that the caller sees.
    func error(for order: Order?) -> any Error {
        switch self {
        case .callerCancelled:
            CancellationError()
        case .lastLook(let error):
            error
        case .late:
            GuardError(
                code: .notSent, message: "its time to be sent had passed; place it again if it is still wanted",
                reasons: ["late"], order: order)
        case .limited(let error):
            GuardError(
                code: isLate ? .notSent : .denied, message: "the limiter did not let it through: \(error)",
                reasons: ["limit_\(error.code.rawValue)"], until: error.until, order: order, cause: error)
        case .unaffordable(let error, let leaving):
            GuardError(
                code: .denied,
                message: "cancelling what lives and this order would take "
                    + leaving.sorted { $0.key < $1.key }.map { "\($0.value) of \($0.key)" }.joined(separator: ", ")
                    + ", which would not be left in time; cancel something, or wait",
                reasons: ["cancel_budget", "limit_\(error.code.rawValue)"], until: error.until, order: order,
                cause: error)
        case .breaker(let rejection):
            GuardError(
                code: .denied, message: "the breaker is not closed: \(rejection)", reasons: ["breaker_open"],
                until: rejection.until, order: order, cause: rejection)
        }
    }
}

extension Outcome {
    /// When the same call may pass, where the venue said.
    var until: MonotonicInstant? {
        switch self {
        case .rateLimited(let until, _), .banned(let until, _): until
        case .succeeded, .notSent, .ambiguous, .overloaded, .rejected, .reduceCapacity, .noSuchOrder, .duplicate,
            .partial, .clockSkew, .venueMode, .authentication, .sessionExpired, .callerCancelled:
            nil
        }
    }
}
