public import SeawallAlerts
public import SeawallCircuitBreaker
public import SeawallTime

extension CircuitBreakerAlert {
    /// What a breaker says of a change of its state, as an alert.
    ///
    /// The metadata holds the reason, and the words of whoever opened or isolated it by hand.
    /// - Parameters:
    ///   - transition: The change.
    ///   - timestamp: The civil time at which it became true.
    public init(_ transition: CircuitBreaker.Transition, timestamp: CivilInstant) {
        var metadata = ["reason": transition.reason.rawValue]
        metadata["detail"] = transition.detail
        self.init(
            breakerName: transition.name, from: State(transition.from), to: State(transition.to), timestamp: timestamp,
            failureCount: transition.failureCount, metadata: metadata)
    }
}

extension CircuitBreakerAlert.State {
    /// The state of a breaker by the name that alerts carry: `HALF_OPEN` and so on.
    public init(_ state: CircuitBreaker.State) { self.init(rawValue: state.rawValue.uppercased()) }
}

extension AlertManager {
    /// Takes a transition of a breaker and returns at once, as `report(_:)` takes its alert.
    public func report(_ transition: CircuitBreaker.Transition) {
        report(CircuitBreakerAlert(transition, timestamp: civil(at: transition.at)))
    }

    /// Makes a hook for a breaker that reports that it opened, be it for the first time or because a probe failed.
    public func makeOpenHook() -> @Sendable (CircuitBreaker.Transition) -> Void { makeHook(for: .open) }

    /// Makes a hook for a breaker that reports that probes may come.
    public func makeHalfOpenHook() -> @Sendable (CircuitBreaker.Transition) -> Void { makeHook(for: .halfOpen) }

    /// Makes a hook for a breaker that reports that it closed.
    public func makeCloseHook() -> @Sendable (CircuitBreaker.Transition) -> Void { makeHook(for: .closed) }

    /// Makes a hook for a breaker that reports every transition, those of operators among them.
    public func makeTransitionHook() -> @Sendable (CircuitBreaker.Transition) -> Void {
        { transition in self.report(transition) }
    }

    /// Keeps a transition in the history and tells no sink: the pause that follows from it is an episode of its own.
    func record(_ transition: CircuitBreaker.Transition) {
        record(CircuitBreakerAlert(transition, timestamp: civil(at: transition.at)))
    }

    private func makeHook(for state: CircuitBreaker.State) -> @Sendable (CircuitBreaker.Transition) -> Void {
        { transition in
            if transition.to == state { self.report(transition) }
        }
    }
}
