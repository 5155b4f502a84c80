extension CircuitBreaker {
    /// The right to make one call, which says in which era of the breaker it was given.
    ///
    /// Hand it back once, to the breaker that gave it, with the call's result. A ticket that is never handed back costs
    /// nothing in the closed state; as a probe it counts as failed when its lease ends. A `Permit` hands itself back.
    public struct Ticket: Hashable, Sendable {
        @usableFromInline let era: UInt64
        /// The number of the probe; 0 for a call that is none.
        @usableFromInline let probe: UInt64
        /// When the call began, in nanoseconds, where slowness counts.
        @usableFromInline var startedAt: Int64

        @inlinable
        init(era: UInt64, probe: UInt64 = 0, startedAt: Int64 = 0) {
            self.era = era
            self.probe = probe
            self.startedAt = startedAt
        }

        /// What a breaker in shadow gives to a call that it would have refused.
        static let countsForNothing = Ticket(era: 0)

        /// True where the call tries whether the trouble is over.
        @inlinable public var isProbe: Bool { probe != 0 }
    }
}
