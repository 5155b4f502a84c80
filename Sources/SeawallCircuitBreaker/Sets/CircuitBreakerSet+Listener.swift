internal import SeawallTime

extension CircuitBreakerSet {
    /// Somebody who hears of the transitions of every breaker of a set.
    public final class Listener: Sendable {
        private struct Ears: Sendable {
            var listeners: [String: CircuitBreaker.Listener] = [:]
            var isCancelled = false
            /// Of breakers that have been replaced.
            var dropped = 0
            var failed = 0
        }

        private let hooks: CircuitBreaker.Hooks
        private let queueLimit: Int
        private let ears = Lock(Ears())

        init(_ hooks: CircuitBreaker.Hooks, queueLimit: Int) {
            self.hooks = hooks
            self.queueLimit = queueLimit
        }

        /// How many transitions it never heard of, because it was too slow.
        public var droppedCount: Int {
            ears.withLock { ears in ears.listeners.values.reduce(ears.dropped) { $0.addingSaturating($1.droppedCount) }
            }
        }

        /// How many of its hooks' calls threw.
        public var failedCount: Int {
            ears.withLock { ears in ears.listeners.values.reduce(ears.failed) { $0.addingSaturating($1.failedCount) } }
        }

        /// Hears no more of any breaker, those to come among them; calls that are under way end by themselves.
        public func cancel() {
            let listeners = ears.withLock { ears in
                ears.isCancelled = true
                return Array(ears.listeners.values)
            }
            for listener in listeners { listener.cancel() }
        }

        var isCancelled: Bool { ears.withLock { $0.isCancelled } }

        func listen(to breaker: CircuitBreaker, _ key: String) {
            let listener = breaker.listen(hooks, queueLimit: queueLimit)
            let isWanted = ears.withLock { ears in
                if ears.isCancelled { return false }
                if let old = ears.listeners.updateValue(listener, forKey: key) {
                    ears.dropped = ears.dropped.addingSaturating(old.droppedCount)
                    ears.failed = ears.failed.addingSaturating(old.failedCount)
                }
                return true
            }
            if !isWanted { listener.cancel() }
        }
    }
}
