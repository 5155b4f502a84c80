internal import SeawallTime

/// The pure state machine of a breaker: `now` comes in, admissions and transitions come out.
///
/// Every change of state begins a new era, and a result counts only in the era in which its call was admitted. Time is
/// applied before each event, so an event at the very instant at which a state ends finds the next state.
struct CircuitBreakerCore: Hashable, Sendable {
    typealias State = CircuitBreaker.State
    typealias Transition = CircuitBreaker.Transition

    /// A state with what belongs to it alone.
    enum Phase: Hashable, Sendable {
        case closed
        case open(until: MonotonicInstant)
        case halfOpen(leases: [Lease], successes: Int)
        case isolated(until: MonotonicInstant?)
        case disabled
    }

    /// A probe's permit, which comes back by itself at its end.
    struct Lease: Hashable, Sendable {
        var probe: UInt64
        var end: MonotonicInstant
    }

    let name: String
    let configuration: CircuitBreakerConfiguration
    private(set) var phase = Phase.closed
    private(set) var since: MonotonicInstant
    private(set) var era: UInt64 = 0
    private(set) var detail: String?

    private var latest: MonotonicInstant
    private var lastProbe: UInt64 = 0
    private var window: FailureWindow
    private var episodeFailures = 0
    private var growthSteps = 0

    init(name: String, configuration: CircuitBreakerConfiguration, now: MonotonicInstant) {
        self.name = name
        self.configuration = configuration
        since = now
        latest = now
        window = FailureWindow(configuration)
    }

    var state: State {
        switch phase {
        case .closed: .closed
        case .open: .open
        case .halfOpen: .halfOpen
        case .isolated: .isolated
        case .disabled: .disabled
        }
    }

    /// The instant at which time alone ends the state.
    var phaseEnd: MonotonicInstant? {
        switch phase {
        case .closed, .disabled: nil
        case .open(let until): until
        case .halfOpen(let leases, _): leases.lazy.map(\.end).min()
        case .isolated(let until): until
        }
    }

    var failureCount: Int { phase == .closed ? window.failureCount : episodeFailures }

    var probesInFlight: Int {
        if case .halfOpen(let leases, _) = phase { return leases.count }
        return 0
    }

    /// The status at `now`, as if time had been applied, without applying it.
    func status(now: MonotonicInstant) -> CircuitBreaker.Status {
        var copy = self
        _ = copy.advance(to: now)
        return CircuitBreaker.Status(
            name: name, state: copy.state, since: copy.since, until: copy.phaseEnd, failureCount: copy.failureCount,
            probesInFlight: copy.probesInFlight, detail: copy.detail)
    }

    /// Applies time alone.
    mutating func advance(to instant: MonotonicInstant) -> [Transition] {
        // A clock that goes back finds the breaker where it was.
        latest = max(latest, instant)
        var transitions: [Transition] = []
        // Each turn ends a state whose end has come; a half-open state without leases has none.
        while let end = phaseEnd, end <= latest {
            switch phase {
            case .closed, .disabled: return transitions
            case .open: transitions.append(enterHalfOpen(at: end, .openTimeOver))
            case .isolated: transitions.append(enterHalfOpen(at: end, .isolationOver))
            case .halfOpen: transitions.append(reopen(at: end, .probeLeaseOver))
            }
        }
        return transitions
    }

    mutating func admit(now: MonotonicInstant) -> CircuitBreaker.Decision {
        let transitions = advance(to: now)
        return CircuitBreaker.Decision(admission: admission(), transitions: transitions)
    }

    mutating func record(
        _ result: CircuitBreaker.CallResult, for ticket: CircuitBreaker.Ticket, now: MonotonicInstant
    ) -> [Transition] {
        var transitions = advance(to: now)
        guard ticket.era == era else { return transitions }
        switch phase {
        case .open, .isolated, .disabled: break
        case .closed:
            guard result != .ignored, let reason = window.count(isFailure: result == .failure) else { break }
            transitions.append(trip(reason))
        case .halfOpen(var leases, let successes):
            // A ticket that was handed back before holds no lease any more, and must not free another's.
            guard let index = leases.firstIndex(where: { $0.probe == ticket.probe }) else { break }
            leases.remove(at: index)
            switch result {
            case .failure: transitions.append(reopen(at: latest, .probeFailed))
            case .success where successes + 1 >= configuration.successesToClose:
                transitions.append(close(.probesSucceeded))
            case .success: phase = .halfOpen(leases: leases, successes: successes + 1)
            case .ignored: phase = .halfOpen(leases: leases, successes: successes)
            }
        }
        return transitions
    }

    /// Opens by hand; an operator's state stays, and a breaker that is open already stays open at least as long.
    mutating func forceOpen(until: MonotonicInstant?, detail: String?, now: MonotonicInstant) -> [Transition] {
        var transitions = advance(to: now)
        let end = until ?? latest.advanced(by: configuration.openDuration)
        switch phase {
        case .isolated, .disabled: break
        case .open(let previous): if end > previous { phase = .open(until: end) }
        case .closed, .halfOpen:
            // An end that has passed already leaves nothing to wait for.
            guard end > latest else { break }
            if phase == .closed { beginEpisode() }
            transitions.append(enter(.open(until: end), at: latest, .forced, detail: detail))
        }
        return transitions
    }

    mutating func isolate(until: MonotonicInstant?, detail: String?, now: MonotonicInstant) -> [Transition] {
        var transitions = advance(to: now)
        if case .isolated = phase {
            phase = .isolated(until: until)
            self.detail = detail
        } else {
            if phase == .closed { beginEpisode() }
            transitions.append(enter(.isolated(until: until), at: latest, .isolated, detail: detail))
        }
        return transitions + advance(to: latest)
    }

    mutating func disable(detail: String?, now: MonotonicInstant) -> [Transition] {
        let transitions = advance(to: now)
        if phase == .disabled { return transitions }
        if phase == .closed { beginEpisode() }
        return transitions + [enter(.disabled, at: latest, .disabled, detail: detail)]
    }

    /// Closes by hand and forgets everything, calls under way included.
    mutating func reset(now: MonotonicInstant) -> [Transition] {
        let transitions = advance(to: now)
        growthSteps = 0
        guard phase != .closed else {
            era &+= 1
            window.clear()
            return transitions
        }
        return transitions + [close(.reset)]
    }

    private mutating func admission() -> CircuitBreaker.Admission {
        switch phase {
        case .closed, .disabled: return .admitted(CircuitBreaker.Ticket(era: era, probe: nil))
        case .open, .isolated: return .rejected(rejection)
        case .halfOpen(var leases, let successes):
            guard leases.count < configuration.probes else { return .rejected(rejection) }
            lastProbe &+= 1
            leases.append(Lease(probe: lastProbe, end: latest.advanced(by: configuration.probeLease)))
            phase = .halfOpen(leases: leases, successes: successes)
            return .admitted(CircuitBreaker.Ticket(era: era, probe: lastProbe))
        }
    }

    private var rejection: CircuitBreaker.Rejection {
        CircuitBreaker.Rejection(name: name, state: state, until: phaseEnd, detail: detail)
    }

    private mutating func trip(_ reason: Transition.Reason) -> Transition {
        beginEpisode()
        // Health that lasted gives back one step of growth for each opening time that the breaker was closed.
        let healthy = since.duration(to: latest).wholeNanoseconds
        let steps = healthy / max(configuration.openDuration.wholeNanoseconds, 1)
        growthSteps = Int(max(Int64(growthSteps) - steps, 0))
        return open(at: latest, reason)
    }

    private mutating func reopen(at instant: MonotonicInstant, _ reason: Transition.Reason) -> Transition {
        episodeFailures = episodeFailures.addingSaturating(1)
        return open(at: instant, reason)
    }

    private mutating func open(at instant: MonotonicInstant, _ reason: Transition.Reason) -> Transition {
        let end = instant.advanced(by: configuration.openDuration(afterSteps: growthSteps))
        // More steps than these change nothing: the growth has met its cap long before, or is 1.
        growthSteps = min(growthSteps + 1, 1_024)
        return enter(.open(until: end), at: instant, reason)
    }

    private mutating func enterHalfOpen(at instant: MonotonicInstant, _ reason: Transition.Reason) -> Transition {
        enter(.halfOpen(leases: [], successes: 0), at: instant, reason)
    }

    private mutating func close(_ reason: Transition.Reason) -> Transition {
        window.clear()
        return enter(.closed, at: latest, reason)
    }

    private mutating func beginEpisode() {
        episodeFailures = window.failureCount
    }

    private mutating func enter(
        _ next: Phase, at instant: MonotonicInstant, _ reason: Transition.Reason, detail: String? = nil
    ) -> Transition {
        let from = state
        phase = next
        since = instant
        era &+= 1
        self.detail = detail
        return Transition(
            name: name, from: from, to: state, at: instant, reason: reason, failureCount: episodeFailures,
            until: phaseEnd, detail: detail)
    }
}
