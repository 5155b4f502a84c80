internal import SeawallTime

/// The transitions whose effects are still to be carried out, in order, by one caller at a time.
///
/// A value under the breaker's lock. Were each caller to carry out its own, two that change the state one after the
/// other could do it in the wrong order, and what follows from the older state would be left standing.
struct TransitionOutbox: Sendable {
    private var effect: (@Sendable (CircuitBreaker.Transition) -> Void)?
    private var waiting: [CircuitBreaker.Transition] = []
    private var isCarried = false

    /// Has `effect` carried out for every transition from now on.
    mutating func open(_ effect: @escaping @Sendable (CircuitBreaker.Transition) -> Void) { self.effect = effect }

    /// Takes transitions; true where the caller must carry out what waits.
    mutating func take(_ transitions: [CircuitBreaker.Transition]) -> Bool {
        guard effect != nil, !transitions.isEmpty else { return false }
        waiting += transitions
        guard !isCarried else { return false }
        isCarried = true
        return true
    }

    /// What is to be carried out next; nil ends the carrying.
    mutating func next() -> (@Sendable () -> Void)? {
        guard let effect, !waiting.isEmpty else {
            isCarried = false
            return nil
        }
        let transition = waiting.removeFirst()
        return { effect(transition) }
    }
}

extension CircuitBreaker {
    /// Has `effect` run with every transition from now on: in order, once, outside the lock, one at a time.
    ///
    /// It runs before the call returns that caused or discovered the transition, unless another caller is carrying out
    /// effects just then: that one carries out this one too. It may call the breaker.
    package func onTransition(_ effect: @escaping @Sendable (Transition) -> Void) {
        desk.withLock { $0.outbox.open(effect) }
    }

    func carryOut() {
        while let action = desk.withLock({ $0.outbox.next() }) { action() }
    }
}
