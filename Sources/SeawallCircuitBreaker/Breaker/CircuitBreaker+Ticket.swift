extension CircuitBreaker {
    /// The right to make one call, which says in which era of the breaker it was given.
    ///
    /// Hand it back once with the call's result. A ticket that is never handed back costs nothing in the closed state;
    /// as a probe it counts as failed when its lease ends.
    public struct Ticket: Hashable, Sendable {
        let era: UInt64
        let probe: UInt64?

        /// True where the call tries whether the trouble is over.
        public var isProbe: Bool { probe != nil }
    }

    /// How a call went, in the eyes of the breaker.
    public enum CallResult: Hashable, Sendable {
        /// The other side is well.
        case success

        /// The other side is in trouble.
        case failure

        /// The call says nothing about the other side, as when it was cancelled; its permit goes back.
        case ignored
    }
}
