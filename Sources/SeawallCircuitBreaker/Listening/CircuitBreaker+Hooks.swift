extension CircuitBreaker {
    /// What to call when a breaker changes its state.
    ///
    /// Calls come from a task of the breaker's spawner, one after the other in the order of the transitions, and outside
    /// every lock: a hook may call the breaker. For each transition first its own hook is called, then `onTransition`.
    /// A hook that throws is counted and hears the next transition as if nothing had been. One that takes long, or for
    /// ever, delays only the hooks of its own listener, whose oldest transitions are then dropped and counted. One that
    /// blocks its thread harms no caller of the breaker either, but holds a thread of the spawner's executor, and of the
    /// shared pool those are few: have a thread of your own do what blocks.
    public struct Hooks: Sendable {
        /// Hears of one transition.
        public typealias Hook = @Sendable (Transition) async throws -> Void

        /// Hears that the breaker opened, by itself or by hand.
        public var onOpen: Hook?

        /// Hears that probes may come.
        public var onHalfOpen: Hook?

        /// Hears that every call passes again: the breaker closed, or an operator disabled it.
        public var onClose: Hook?

        /// Hears of every transition, those of operators among them.
        public var onTransition: Hook?

        /// Makes hooks; what is left out is not called.
        public init(
            onOpen: Hook? = nil, onHalfOpen: Hook? = nil, onClose: Hook? = nil, onTransition: Hook? = nil
        ) {
            self.onOpen = onOpen
            self.onHalfOpen = onHalfOpen
            self.onClose = onClose
            self.onTransition = onTransition
        }

        /// The hooks that a transition concerns, in the order of their calls.
        func hooks(for transition: Transition) -> [Hook] {
            let own: Hook? =
                switch transition.to {
                case .open: onOpen
                case .halfOpen: onHalfOpen
                case .closed, .disabled: onClose
                case .isolated: nil
                }
            return [own, onTransition].compactMap(\.self)
        }
    }
}
