public import SeawallTime

extension CircuitBreaker {
    /// A call that the breaker refused: who refused it, why, and when asking again makes sense.
    public struct Rejection: Error, Hashable, Sendable, CustomStringConvertible {
        /// The breaker's name.
        public var name: String

        /// The state that refused.
        public var state: State

        /// When to ask again.
        ///
        /// Open: exactly the instant at which a probe is admitted. Half-open with every permit taken: the instant by
        /// which one of them has ended, at the latest. Isolated: the end of the isolation. Nil: only by hand.
        public var until: MonotonicInstant?

        /// The operator's words, where an operator refused.
        public var detail: String?

        /// Name, state and instant in one line.
        public var description: String {
            let end = until.map { "until \($0)" } ?? "until it is released by hand"
            return "circuit breaker \"\(name)\" is \(state) \(end)" + (detail.map { ": \($0)" } ?? "")
        }
    }
}
