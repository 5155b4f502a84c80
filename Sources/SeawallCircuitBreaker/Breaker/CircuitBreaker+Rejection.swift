public import SeawallTime

extension CircuitBreaker {
    /// A call that the breaker refused: who refused it, why, and when asking again makes sense.
    public struct Rejection: CallRefusal, Hashable, Sendable, CustomStringConvertible {
        /// The breaker's name.
        public var name: String

        /// The state that refused.
        public var state: State

        /// When to ask again.
        ///
        /// Open: exactly the instant at which a probe is admitted. Half-open with every permit taken: the instant by
        /// which the first of them is decided at the latest; sooner there may be room, and where that probe hung it is open
        /// again then, until an instant that the next refusal names. Isolated: the end of the isolation. Closed, on the
        /// ramp: its end, by which every call passes. Nil: only by hand.
        public var until: MonotonicInstant?

        /// The operator's words, where an operator refused.
        public var detail: String?

        /// The same as `until`, for a retry around the breaker.
        public var notBefore: MonotonicInstant? { until }

        @inlinable
        init(name: String, state: State, until: MonotonicInstant?, detail: String? = nil) {
            self.name = name
            self.state = state
            self.until = until
            self.detail = detail
        }

        /// Name, state and instant in one line.
        public var description: String {
            let end = until.map { "until \($0)" } ?? "until it is released by hand"
            let what = state == .closed ? "closed and lets only some calls pass" : state.rawValue
            return "circuit breaker \"\(name)\" is \(what) \(end)" + (detail.map { ": \($0)" } ?? "")
        }
    }
}
