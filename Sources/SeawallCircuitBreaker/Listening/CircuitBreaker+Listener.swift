internal import SeawallTime

extension CircuitBreaker {
    /// Somebody who hears of a breaker's transitions, and what became of them.
    ///
    /// Transitions wait in a queue of its own; where that is full the oldest is dropped and counted, so that the last
    /// one heard is always the state that holds.
    public final class Listener: Sendable {
        private struct Queue: Sendable {
            var waiting: [Transition] = []
            var isDelivering = false
            var isCancelled = false
            var dropped = 0
            var failed = 0
        }

        private let hooks: Hooks
        private let limit: Int
        private let queue = Lock(Queue())

        init(_ hooks: Hooks, limit: Int) {
            self.hooks = hooks
            self.limit = max(limit, 1)
        }

        /// How many transitions it never heard of, because it was too slow.
        public var droppedCount: Int { queue.withLock { $0.dropped } }

        /// How many of its hooks' calls threw.
        public var failedCount: Int { queue.withLock { $0.failed } }

        /// Hears no more; a call that is under way ends by itself.
        public func cancel() {
            queue.withLock { queue in
                queue.isCancelled = true
                queue.waiting = []
            }
        }

        var isCancelled: Bool { queue.withLock { $0.isCancelled } }

        /// Takes transitions, under the breaker's lock so that their order is kept; true where a delivery must be started.
        func enqueue(_ transitions: [Transition]) -> Bool {
            queue.withLock { queue in
                if queue.isCancelled { return false }
                queue.waiting += transitions
                let excess = max(queue.waiting.count - limit, 0)
                queue.waiting.removeFirst(excess)
                queue.dropped += excess
                if queue.isDelivering { return false }
                queue.isDelivering = true
                return true
            }
        }

        /// Calls the hooks until nothing waits any more; one delivery at a time.
        func deliver() async {
            while let transition = next() {
                for hook in hooks.hooks(for: transition) {
                    do { try await hook(transition) } catch { queue.withLock { $0.failed += 1 } }
                }
            }
        }

        private func next() -> Transition? {
            queue.withLock { queue in
                guard queue.waiting.isEmpty else { return queue.waiting.removeFirst() }
                queue.isDelivering = false
                return nil
            }
        }
    }
}
