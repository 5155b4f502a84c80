public import SeawallTime

/// Refuses calls to another side that is in trouble, and tries with few calls whether the trouble is over.
///
/// Use `run` around a call, or `admit` and `record` by hand. Results that arrive after the state has changed since their
/// call was admitted count for nothing. Half-open admits exactly as many probes as configured, and every one of
/// them ends: by its result, or when its lease ends. Every method may be called from any thread; none of them waits.
///
/// What changes is returned to the caller, in order and once: each transition goes to the one call that caused or
/// discovered it. Reading `state` or `status` discovers nothing and takes nothing away.
public final class CircuitBreaker: Sendable {
    /// The breaker's name, as rejections and transitions carry it.
    public let name: String

    /// The configuration that it was made with.
    public let configuration: CircuitBreakerConfiguration

    private let time: any TimeSource
    private let core: Lock<CircuitBreakerCore>

    /// Makes a closed breaker.
    ///
    /// - Parameters:
    ///   - name: how rejections, transitions and records name it; not empty.
    ///   - configuration: when it trips and how it comes back; the general one unless told.
    ///   - time: where it takes the time from.
    /// - Throws: `InvalidFields` that lists every bad field, an empty name among them.
    public init(
        name: String, configuration: CircuitBreakerConfiguration = .general, time: any TimeSource = SystemTime()
    ) throws(InvalidFields) {
        var badFields = configuration.badFields
        if name.isEmpty { badFields.insert(.init(name: "name", value: "empty", expected: "any text"), at: 0) }
        if !badFields.isEmpty { throw InvalidFields(subject: "circuit breaker configuration", fields: badFields) }
        self.name = name
        self.configuration = configuration
        self.time = time
        core = Lock(CircuitBreakerCore(name: name, configuration: configuration, now: time.now))
    }

    /// Asks to make a call.
    public func admit() -> Decision {
        core.withLock { $0.admit(now: time.now) }
    }

    /// Hands a ticket back with the result of its call.
    ///
    /// - Returns: what changed. A result from an earlier era changes nothing.
    @discardableResult
    public func record(_ result: CallResult, for ticket: Ticket) -> [Transition] {
        core.withLock { $0.record(result, for: ticket, now: time.now) }
    }

    /// Applies what time alone has caused, for a caller that waits for `nextTransition`.
    public func poll() -> [Transition] {
        core.withLock { $0.advance(to: time.now) }
    }

    /// The state at this instant; it tells the truth without any traffic.
    public var state: State { status.state }

    /// State, failures and what ends the state, at one instant.
    public var status: Status {
        core.withLock { $0.status(now: time.now) }
    }

    /// The instant at which time alone changes the state, or has changed it since the last call; nil where none does.
    ///
    /// Open: its end. Half-open: the earliest end of a probe's lease. Isolated: the end of the isolation.
    public var nextTransition: MonotonicInstant? {
        core.withLock { $0.phaseEnd }
    }

    /// Opens the breaker by hand, for instance because a server said when to come back.
    ///
    /// An open breaker stays open at least as long as it was; one that an operator isolated or disabled stays so.
    ///
    /// - Parameters:
    ///   - reason: words for the transition.
    ///   - until: when a probe may come; the configured time open from now unless told. One in the past opens nothing.
    /// - Returns: what changed.
    @discardableResult
    public func forceOpen(reason: String, until: MonotonicInstant? = nil) -> [Transition] {
        core.withLock { $0.forceOpen(until: until, detail: reason, now: time.now) }
    }

    /// Refuses every call until `reset()`, or until an instant after which probes decide.
    ///
    /// - Returns: what changed; isolating again replaces reason and end, and is no transition.
    @discardableResult
    public func isolate(reason: String, until: MonotonicInstant? = nil) -> [Transition] {
        core.withLock { $0.isolate(until: until, detail: reason, now: time.now) }
    }

    /// Lets every call pass and counts no result, until `reset()` or `isolate`.
    ///
    /// - Returns: what changed.
    @discardableResult
    public func disable(reason: String) -> [Transition] {
        core.withLock { $0.disable(detail: reason, now: time.now) }
    }

    /// Closes the breaker by hand and forgets all counts; results of calls under way will count for nothing.
    ///
    /// - Returns: what changed.
    @discardableResult
    public func reset() -> [Transition] {
        core.withLock { $0.reset(now: time.now) }
    }
}
