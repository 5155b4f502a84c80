public import SeawallTime

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

        /// The ticket, where the call is admitted.
        public var ticket: Ticket? {
            if case .admitted(let ticket) = admission { return ticket }
            return nil
        }
    }

    /// What a breaker is doing, at one instant, torn by nothing.
    public struct Status: Hashable, Sendable {
        /// The breaker's name.
        public var name: String

        /// The state, with transitions that time alone has caused.
        public var state: State

        /// When the state became true.
        public var since: MonotonicInstant

        /// The end of the state, where time alone ends it.
        public var until: MonotonicInstant?

        /// The failures that count: in a row or in the window while closed, since the trouble began otherwise.
        public var failureCount: Int

        /// How many calls hold a probe's permit.
        public var probesInFlight: Int

        /// The words of whoever opened or isolated it by hand.
        public var detail: String?
    }
}
