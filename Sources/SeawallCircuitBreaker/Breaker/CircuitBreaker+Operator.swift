public import SeawallTime

/// What operators do, and servers by their hints.
extension CircuitBreaker {
    /// The longest time for which a breaker is opened by a caller's word: 7 days, or the configured cap where that is more.
    ///
    /// What is to last longer is an isolation.
    public static let longestForcedOpen: Duration = .seconds(604_800)

    /// Opens the breaker by hand, for instance because a server said when to come back.
    ///
    /// An open breaker stays open at least as long as it was; one that an operator isolated or disabled stays so.
    ///
    /// - Parameters:
    ///   - reason: words for the transition.
    ///   - until: when a probe may come; the configured time open from now unless told. One in the past opens nothing, and
    ///     one that is further away than `longestForcedOpen` counts as that: a server's word is not to be trusted for ever.
    /// - Returns: what changed.
    @discardableResult
    public func forceOpen(reason: String, until: MonotonicInstant? = nil) -> [Transition] {
        changeState { $0.forceOpen(until: until, detail: reason, now: $1) }
    }

    /// Refuses every call until `reset()` or `release()`, or until an instant after which probes decide.
    ///
    /// An instant that has passed leaves it to probes at once: the isolation is told, and its end at the same instant.
    ///
    /// - Returns: what changed; isolating again replaces reason and end, and is no transition.
    @discardableResult
    public func isolate(reason: String, until: MonotonicInstant? = nil) -> [Transition] {
        changeState { $0.isolate(until: until, detail: reason, now: $1) }
    }

    /// Lets every call pass and counts no result, until `reset()`, `release()`, `isolate` or `shadow`.
    ///
    /// - Returns: what changed.
    @discardableResult
    public func disable(reason: String) -> [Transition] {
        changeState { $0.disable(detail: reason, now: $1) }
    }

    /// Goes on deciding and reporting, and refuses nothing, until `reset()`, `release()`, `isolate` or `disable`.
    ///
    /// A call that would have been refused is admitted, and its result counts for nothing: so the states are those of a
    /// breaker that refuses. The decision of `admit()` carries the rejection; `ticket()`, `permit()` and `run` do not tell of
    /// it, and `Status.shadowRefusals` counts it whoever asked. Isolated or disabled, it closes first.
    ///
    /// With a share it refuses that share of what it decides to refuse, and so can be put into service step by step. Then
    /// its transitions are told as those of a breaker that refuses.
    ///
    /// - Parameters:
    ///   - reason: words for the status.
    ///   - perMille: of a thousand calls that it decides to refuse how many it refuses, spread evenly; 0 unless told, and
    ///     what lies outside 0 to 1,000 counts as the nearer end.
    /// - Returns: what changed.
    @discardableResult
    public func shadow(reason: String, enforcing perMille: Int = 0) -> [Transition] {
        changeState { $0.shadow(detail: reason, enforcing: perMille, now: $1) }
    }

    /// Ends what an operator has set: isolated goes to half-open, where probes decide; disabled to closed; shadow refuses.
    ///
    /// - Returns: what changed; nothing where no operator has set anything.
    @discardableResult
    public func release() -> [Transition] {
        changeState { $0.release(now: $1) }
    }

    /// Closes the breaker by hand and forgets all counts; results of calls under way will count for nothing.
    ///
    /// - Returns: what changed.
    @discardableResult
    public func reset() -> [Transition] {
        changeState { $0.reset(now: $1) }
    }

    /// Closes it for good, as far as those are concerned who have heard of its trouble.
    func retire() {
        changeState { $0.reset(.removed, now: $1) }
    }
}
