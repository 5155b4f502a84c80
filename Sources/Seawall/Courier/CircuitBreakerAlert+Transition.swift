public import SeawallAlerts
public import SeawallCircuitBreaker
public import SeawallTime

extension CircuitBreakerAlert {
    /// What a breaker says of a change of its state, as an alert.
    ///
    /// The metadata holds `reason`, and where they are known `detail` (the words of whoever opened or isolated it by hand),
    /// `until` (the end of the new state, in ISO 8601), `failures_per_mille` and `slow_calls_per_mille` (of the calls in
    /// the window when the trouble began). In shadow it holds `is_shadow`, the message says so, and the severity is a
    /// warning at most: nothing is refused.
    /// - Parameters:
    ///   - transition: The change.
    ///   - timestamp: The civil time at which it became true.
    public init(_ transition: CircuitBreaker.Transition, timestamp: CivilInstant) {
        var metadata = ["reason": transition.reason.rawValue]
        metadata["detail"] = transition.detail
        metadata["until"] = transition.until.map {
            timestamp.advanced(by: transition.at.duration(to: $0)).iso8601Text
        }
        metadata["failures_per_mille"] = transition.failureRate.map(String.init)
        metadata["slow_calls_per_mille"] = transition.slowCallRate.map(String.init)
        if transition.isShadow { metadata["is_shadow"] = "true" }
        self.init(
            breakerName: transition.name, from: State(transition.from), to: State(transition.to), timestamp: timestamp,
            failureCount: transition.failureCount,
            message: Self.story(of: transition).map { "Circuit breaker '\(transition.name)' \($0)" },
            metadata: metadata)
        guard transition.isShadow else { return }
        severity = min(severity, transition.to == .open ? .warning : .info)
        message += " (in shadow: nothing is refused)"
    }

    /// What happened, where its reason tells more than the states do.
    private static func story(of transition: CircuitBreaker.Transition) -> String? {
        let words = transition.detail.flatMap { $0.isEmpty ? nil : ": \($0)" } ?? ""
        switch transition.reason {
        case .failureRate:
            return transition.failureRate.map { "opened: of 1000 calls \($0) failed" }
        case .slowCallRate:
            return transition.slowCallRate.map { "opened: of 1000 calls \($0) were slow" }
        case .probeSlow: return "opened again: a probe succeeded, but slowly"
        case .probeLeaseOver: return "opened again: a probe had no result in time"
        case .forced: return "was opened by hand or by a server's word" + words
        case .isolated: return "was isolated by an operator" + words
        case .isolationOver: return "is testing recovery: its isolation is over"
        case .disabled: return "was disabled by an operator" + words
        case .released where transition.to == .halfOpen: return "was released by an operator and is testing recovery"
        case .released: return "was released by an operator"
        case .removed: return "was taken out of use"
        default: return nil
        }
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
    public func makeOpenHook() -> @Sendable (CircuitBreaker.Transition) -> Void { makeHook(for: [.open]) }

    /// Makes a hook for a breaker that reports that probes may come.
    public func makeHalfOpenHook() -> @Sendable (CircuitBreaker.Transition) -> Void { makeHook(for: [.halfOpen]) }

    /// Makes a hook for a breaker that reports that it closed, or was disabled: either ends the episode.
    public func makeCloseHook() -> @Sendable (CircuitBreaker.Transition) -> Void {
        makeHook(for: [.closed, .disabled])
    }

    /// Makes a hook for a breaker that reports every transition, those of operators among them.
    public func makeTransitionHook() -> @Sendable (CircuitBreaker.Transition) -> Void {
        { transition in self.report(transition) }
    }

    /// Keeps a transition in the history and tells no sink: the pause that follows from it is an episode of its own.
    func record(_ transition: CircuitBreaker.Transition) {
        record(CircuitBreakerAlert(transition, timestamp: civil(at: transition.at)))
    }

    private func makeHook(for states: [CircuitBreaker.State]) -> @Sendable (CircuitBreaker.Transition) -> Void {
        { transition in
            if states.contains(transition.to) { self.report(transition) }
        }
    }
}
