package import SeawallTime

extension AlertManager {
    /// Takes a transition of a breaker and returns at once: the history keeps it, and the sinks hear of episodes.
    ///
    /// The episode begins when the breaker opens or is isolated, goes on while it is half-open or opens again, and ends
    /// when it closes or is disabled. Its key is `breaker:` and the name.
    public func report(_ transition: CircuitBreakerAlert) {
        run { core, now in core.report(transition, now) }
    }

    /// Keeps a transition in the history and tells no sink, for whoever tells them of the trouble by other means.
    public func record(_ transition: CircuitBreakerAlert) {
        storage.withLock { $0.core.breakers.append(transition) }
    }

    /// The last transitions of breakers, oldest first, at most `limit` of them; none for 0 or less.
    public func breakerHistory(limit: Int = .max) -> [CircuitBreakerAlert] {
        storage.withLock { $0.core.breakers.last(limit) }
    }

    /// The civil time at an instant of this process.
    package func civil(at instant: MonotonicInstant) -> CivilInstant { moment().moved(to: instant).civil }
}

extension AlertCore {
    /// Keeps a transition, and makes of it a begin, an end, or nothing.
    mutating func report(_ transition: CircuitBreakerAlert, _ now: Moment) {
        breakers.append(transition)
        let key = "breaker:\(transition.breakerName)"
        switch transition.newState {
        case .open, .isolated:
            let code = transition.newState == .open ? "breaker_open" : "breaker_isolated"
            let cause = transition.metadata["reason"].map { [$0] } ?? []
            _ = begin(
                key,
                Report(
                    severity: transition.severity, code: code, message: transition.message, causes: cause, scope: key),
                now)
        case .closed, .disabled:
            _ = end(key, now)
        default:
            break
        }
    }
}
