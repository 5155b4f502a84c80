/// How placing an order ended, in the words of metrics, spans and logs.
struct SubmissionOutcome: Hashable, Sendable {
    /// What the bot was told.
    enum Result: String, CaseIterable, Sendable {
        /// The venue took it.
        case success
        /// The venue refused it.
        case rejected
        /// It was not sent, or did not leave the machine.
        case failed
        /// Nothing was sent, for it made no sense, could not be written down, or its task was cancelled.
        case error
        /// The intent was placed before: nothing was sent.
        case ok
        /// It was handed over, and nothing proves what became of it.
        case unknown
    }

    var result: Result

    /// Why, one of `reasons(of:)`.
    var reason: String

    static let success = SubmissionOutcome(result: .success, reason: "none")
    static let known = SubmissionOutcome(result: .ok, reason: "none")

    /// Everything that a submission can come to.
    static let all = Result.allCases.flatMap { result in
        reasons(of: result).map { SubmissionOutcome(result: result, reason: $0) }
    }

    /// The reasons that a result can have; where there is another, the last stands for it.
    static func reasons(of result: Result) -> [String] {
        switch result {
        case .success, .ok, .unknown: ["none"]
        case .rejected:
            [
                "reduce_capacity", "rate_limited", "banned", "overloaded", "clock_skew", "venue_mode", "authentication",
                "rejected",
            ]
        case .failed: ["not_sent"] + BlockedReason.allCases.map(\.rawValue)
        case .error: ["invalid", "intent_reused", "not_saved", "cancelled", "other"]
        }
    }
}

extension SubmissionOutcome {
    /// What an error of placing says.
    init(_ error: any Error) {
        guard let error = error as? GuardError else {
            self.init(result: .error, reason: error is CancellationError ? "cancelled" : "other")
            return
        }
        switch error.code {
        case .outcomeUnknown: self.init(.unknown, "none")
        case .rejected: self.init(.rejected, error.reasons.first)
        case .denied, .notSent:
            let isOfTheWire = error.code == .notSent && error.reasons.first == "not_sent"
            self.init(.failed, isOfTheWire ? "not_sent" : BlockedReason(error)?.rawValue)
        default: self.init(.error, error.code.rawValue)
        }
    }

    private init(_ result: Result, _ reason: String?) {
        let reasons = Self.reasons(of: result)
        self.init(result: result, reason: reason.flatMap { reasons.contains($0) ? $0 : nil } ?? reasons.last ?? "none")
    }
}
