internal import SeawallTime

extension CircuitBreaker {
    /// How a call went, in the eyes of the breaker.
    public enum CallResult: Hashable, Sendable {
        /// The other side is well.
        case success

        /// The other side is in trouble.
        case failure

        /// The call says nothing about the other side, as when it was cancelled; its permit goes back.
        case ignored

        /// What an error says of the other side where nobody knows better: that it is in trouble.
        ///
        /// But a `CallRefusal`, by which another breaker or a limiter has refused a call that never was, says nothing; nor
        /// does a retry that ran out and of which no attempt was more than refused.
        public init(of error: any Error) {
            self = error.saysNothingWasDone ? .ignored : .failure
        }
    }
}
