extension CircuitBreaker {
    /// Whether a call may be made.
    public enum Admission: Hashable, Sendable {
        /// It may: hand the ticket back with the result.
        case admitted(Ticket)

        /// It may not.
        case rejected(Rejection)
    }

    /// The answer to a request for admission, with the transitions that the request caused or discovered.
    public struct Decision: Hashable, Sendable {
        /// Whether the call may be made.
        public var admission: Admission

        /// What changed, in order; mostly empty.
        public var transitions: [Transition]

        /// How the breaker would have refused the call, were it not in shadow.
        ///
        /// `admit()` alone tells of it: `ticket()`, `permit()` and `run` just let the call pass. All of them count it in
        /// `Status.shadowRefusals`.
        public var shadowRejection: Rejection?

        @inlinable
        init(admission: Admission, transitions: [Transition]) {
            self.admission = admission
            self.transitions = transitions
        }

        /// The ticket, where the call is admitted.
        @inlinable public var ticket: Ticket? {
            if case .admitted(let ticket) = admission { return ticket }
            return nil
        }
    }
}
