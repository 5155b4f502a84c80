public import SeawallTime
public import Synchronization

/// Refuses calls to another side that is in trouble, and tries with few calls whether the trouble is over.
///
/// Use `run` around a call, or `admit` and `record` by hand. Results that arrive after the state has changed since their
/// call was admitted count for nothing. Half-open admits exactly as many probes as configured, and every one of
/// them ends: by its result, or when its lease ends. Every method may be called from any thread; none of them waits.
///
/// What changes is returned to the caller, in order and once: each transition goes to the one call that caused or
/// discovered it. Reading `state` or `status` discovers nothing and takes nothing away. Whoever is to hear of every
/// transition, those of time alone among them, listens with `listen(_:)`.
public final class CircuitBreaker: Sendable {
    /// The breaker's name, as rejections and transitions carry it.
    public let name: String

    /// The configuration that it was made with.
    public let configuration: CircuitBreakerConfiguration

    /// The `HotWord`, published after every change under the lock.
    @usableFromInline let hot: Atomic<UInt64>
    /// The end of the open state, for as long as the word says that every call is refused.
    private let openEnd = Atomic<Int64>(.min)
    /// The end of the time in which quick successes are counted in the stripes.
    private let stripesEnd = Atomic<Int64>(.min)
    private let stripes: SuccessStripes
    /// How long a call takes at least that is slow, in nanoseconds.
    private let slowLimit: Int64
    private let measures: Bool
    /// Whether the end of a call is looked up: for its duration or for its slice of time.
    private let timesResults: Bool
    @usableFromInline let readsCoarsely: Bool
    @usableFromInline let isOnSystemTime: Bool
    let environment: RuntimeEnvironment
    let desk: Lock<Desk>

    /// What the lock holds.
    struct Desk: Sendable {
        var core: CircuitBreakerCore
        var listeners: [CircuitBreaker.Listener] = []
        var alarm = TransitionAlarm()
        var outbox = TransitionOutbox()
    }

    /// Makes a closed breaker.
    ///
    /// - Parameters:
    ///   - name: how rejections, transitions and records name it; not empty.
    ///   - configuration: when it trips and how it comes back; the general one unless told.
    ///   - hooks: who hears of its transitions; nobody unless told.
    ///   - environment: where it takes time, randomness for jitter, and tasks for listeners from.
    /// - Throws: `InvalidFields` that lists every bad field, an empty name among them.
    public init(
        name: String, configuration: CircuitBreakerConfiguration = .general, hooks: Hooks? = nil,
        environment: RuntimeEnvironment = RuntimeEnvironment()
    ) throws(InvalidFields) {
        var invalid = InvalidFields(subject: "circuit breaker configuration", fields: [])
        invalid.check(!name.isEmpty, "name", "empty", "any text")
        invalid.fields += configuration.invalid.fields
        try invalid.throwIfAny()
        self.name = name
        self.configuration = configuration
        self.environment = environment
        var core = CircuitBreakerCore(
            name: name, configuration: configuration, now: environment.time.now,
            draw: configuration.openDurationJitter > 0 ? environment.random.next() : 0)
        stripes = SuccessStripes(processors: configuration.rates == nil ? 0 : Processors.count)
        slowLimit = core.history.slowLimit ?? .max
        measures = core.history.slowLimit != nil
        timesResults = measures || core.history.isOfTime
        readsCoarsely = configuration.rates?.clock == .coarse
        isOnSystemTime = environment.time is SystemTime
        hot = Atomic(0)
        desk = Lock(Desk(core: core))
        publish(&core, after: 0)
        if let hooks { listen(hooks) }
    }

    /// Makes a closed breaker on a time source, with the system's randomness and tasks.
    ///
    /// - Throws: `InvalidFields` that lists every bad field, an empty name among them.
    public convenience init(
        name: String, configuration: CircuitBreakerConfiguration = .general, hooks: Hooks? = nil, time: any TimeSource
    ) throws(InvalidFields) {
        try self.init(
            name: name, configuration: configuration, hooks: hooks, environment: RuntimeEnvironment(time: time))
    }

    /// The state at this instant; it tells the truth without any traffic.
    public var state: State { status.state }

    /// State, failures and what ends the state, at one instant.
    public var status: Status {
        desk.withLock { desk in
            desk.core.history.add(quickSuccesses: stripes.drain())
            return desk.core.status(now: environment.time.now)
        }
    }

    /// The instant at which time alone changes the state, or has changed it since the last call; nil where none does.
    ///
    /// Open: its end. Half-open: the earliest end of a probe's lease. Isolated: the end of the isolation.
    public var nextTransition: MonotonicInstant? {
        desk.withLock { $0.core.phaseEnd }
    }

    /// Asks to make a call.
    ///
    /// While the breaker is closed this reads one word, and the clock where slow calls count; open, it reads the clock.
    @inlinable
    public func admit() -> Decision {
        let word = HotWord(rawValue: hot.load(ordering: .acquiring))
        guard word.has(.admits) else { return admitByCore() }
        let start = word.has(.measures) ? windowNow.nanoseconds : 0
        return Decision(admission: .admitted(Ticket(era: word.era, startedAt: start)), transitions: [])
    }

    /// Asks to make a call, for the ticket alone: the least that asking can cost.
    ///
    /// - Parameter onTransition: hears of each transition that asking caused or discovered, in order, outside the lock.
    /// - Throws: `Rejection` where the call may not be made; by its type, so that nothing is allocated.
    @inlinable
    public func ticket(onTransition: (Transition) -> Void = { _ in }) throws(Rejection) -> Ticket {
        let word = HotWord(rawValue: hot.load(ordering: .acquiring))
        if word.has(.admits) {
            return Ticket(era: word.era, startedAt: word.has(.measures) ? windowNow.nanoseconds : 0)
        }
        if word.has(.refuses), let end = refusedUntil { throw Rejection(name: name, state: .open, until: end) }
        return try ticketByCore(onTransition)
    }

    /// Hands a ticket back with the result of its call.
    ///
    /// - Returns: what changed. A result from an earlier era changes nothing.
    @inlinable
    @discardableResult
    public func record(_ result: CallResult, for ticket: Ticket) -> [Transition] {
        if case .success = result {
            let word = HotWord(rawValue: hot.load(ordering: .acquiring))
            if word.era == ticket.era {
                if word.has(.skipsSuccess) { return [] }
                if word.has(.stripesSuccess), countQuickSuccess(for: ticket) { return [] }
            }
        }
        return recordByCore(result, for: ticket)
    }

    /// Applies what time alone has caused, for a caller that waits for `nextTransition`.
    ///
    /// - Returns: what changed; with listeners the breaker waits by itself, and may have been faster.
    @discardableResult
    public func poll() -> [Transition] {
        changeState { $0.advance(to: $1) }
    }

    /// Where durations of calls and the age of results are read.
    @inlinable var windowNow: MonotonicInstant {
        // The system's time is asked by its name: through the table it costs a fifth more.
        guard isOnSystemTime else { return givenNow }
        return readsCoarsely ? SystemTime().coarseNow : SystemTime().now
    }

    @usableFromInline var givenNow: MonotonicInstant {
        readsCoarsely ? environment.time.coarseNow : environment.time.now
    }

    private var now: MonotonicInstant { isOnSystemTime ? SystemTime().now : environment.time.now }

    @usableFromInline
    func ticketByCore(_ onTransition: (Transition) -> Void) throws(Rejection) -> Ticket {
        let decision = decisionOfCore()
        for transition in decision.transitions { onTransition(transition) }
        switch decision.admission {
        case .admitted(let ticket): return ticket
        case .rejected(let rejection): throw rejection
        }
    }

    @usableFromInline
    func admitByCore() -> Decision {
        guard HotWord(rawValue: hot.load(ordering: .acquiring)).has(.refuses), let end = refusedUntil else {
            return decisionOfCore()
        }
        let rejection = Rejection(name: name, state: .open, until: end)
        return Decision(admission: .rejected(rejection), transitions: [])
    }

    /// The end of the open state, where it has not come yet; asked only by who has just read that every call is refused.
    @usableFromInline var refusedUntil: MonotonicInstant? {
        // The end belongs to that word or to a later time open, and in both it is what holds now.
        let end = MonotonicInstant(nanoseconds: openEnd.load(ordering: .relaxed))
        return now < end ? end : nil
    }

    private func decisionOfCore() -> Decision {
        var decision = change { core, now in
            let decision = core.admit(now: now)
            return (decision, decision.transitions)
        }
        if measures, case .admitted(var ticket) = decision.admission {
            ticket.startedAt = windowNow.nanoseconds
            decision.admission = .admitted(ticket)
        }
        return decision
    }

    /// Counts a success of the present era without the lock; false where it was slow or its slice of time is over.
    @usableFromInline
    func countQuickSuccess(for ticket: Ticket) -> Bool {
        let now = timesResults ? windowNow.nanoseconds : 0
        guard now < stripesEnd.load(ordering: .relaxed) else { return false }
        guard now.subtractingSaturating(ticket.startedAt) < slowLimit else { return false }
        return stripes.count(era: ticket.era)
    }

    @usableFromInline
    func recordByCore(_ result: CallResult, for ticket: Ticket) -> [Transition] {
        let word = HotWord(rawValue: hot.load(ordering: .acquiring))
        // Closed or disabled, an ignored call held nothing.
        if result == .ignored, word.era == ticket.era, word.has(.admits) { return [] }
        let took = measures ? windowNow.nanoseconds.subtractingSaturating(ticket.startedAt) : 0
        return changeState { $0.record(result, for: ticket, took: took, now: $1) }
    }

    deinit {
        desk.withLock { $0.alarm.remove() }?.cancel()
    }

    /// Makes one change under the lock, at the time read there, and tells listeners of it.
    func change<Result: Sendable>(
        _ event: (inout CircuitBreakerCore, MonotonicInstant) -> (Result, [Transition])
    ) -> Result {
        let (result, hasListeners, awoken, carries) = desk.withLock { desk in
            let era = desk.core.era
            desk.core.history.add(quickSuccesses: stripes.drain())
            let (result, transitions) = event(&desk.core, now)
            if desk.core.needsDraw { desk.core.refill(environment.random.next()) }
            publish(&desk.core, after: era)
            let awoken = transitions.isEmpty ? [] : desk.listeners.filter { $0.enqueue(transitions) }
            return (result, !desk.listeners.isEmpty, awoken, desk.outbox.take(transitions))
        }
        for listener in awoken { environment.spawner.spawn { await listener.deliver() } }
        if hasListeners { setAlarm() }
        if carries { carryOut() }
        return result
    }

    @discardableResult
    func changeState(_ event: (inout CircuitBreakerCore, MonotonicInstant) -> [Transition]) -> [Transition] {
        change { core, now in
            let transitions = event(&core, now)
            return (transitions, transitions)
        }
    }

    /// Shows the state to those who do not take the lock; called under the lock alone.
    ///
    /// It changes nothing in the core, which any other parameter would have copied.
    private func publish(_ core: inout CircuitBreakerCore, after era: UInt64) {
        // What the word speaks of must be there before the word.
        if core.era != era { stripes.begin(era: core.era) }
        if let end = core.openEnd { openEnd.store(end, ordering: .relaxed) }
        if let end = core.history.stripesEnd { stripesEnd.store(end, ordering: .relaxed) }
        let word = core.hotWord.rawValue
        if hot.load(ordering: .relaxed) != word { hot.store(word, ordering: .releasing) }
    }
}
