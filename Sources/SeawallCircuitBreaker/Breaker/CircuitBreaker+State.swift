extension CircuitBreaker {
    /// What a breaker does with a call.
    public enum State: String, Hashable, Sendable, Codable, CaseIterable, CustomStringConvertible {
        /// Calls pass and their results are counted.
        case closed

        /// Calls are refused until an instant.
        case open

        /// A few calls pass to try whether the trouble is over.
        case halfOpen = "half_open"

        /// An operator refuses all calls.
        case isolated

        /// An operator lets all calls pass, and no result counts.
        case disabled

        /// The name as records carry it: `half_open` and so on.
        public var description: String { rawValue }
    }
}
