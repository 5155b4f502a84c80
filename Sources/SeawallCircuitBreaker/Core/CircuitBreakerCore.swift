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
    var phase = Phase.closed
    var since: MonotonicInstant
    /// Tickets of the era 0 belong to none.
    var era: UInt64 = 1
    var detail: String?
    /// Why nothing is refused though everything is decided; nil where the decisions hold.
    var shadowReason: String?
    var shadowRefusals = 0
    /// Of a thousand calls that a shadow would refuse how many it refuses.
    var shadowShare = 0
    /// Thousandths of a refusal that have built up in shadow.
    var shadowCredit = 0
    var ramp: RampProgress?
    var history: CallHistory
    /// 64 random bits for the next time open, drawn beforehand: whoever asks now when it will end is told the truth.
    private(set) var draw: UInt64
    private(set) var needsDraw = false
    var growthSteps = 0

    private(set) var latest: MonotonicInstant
    private var lastProbe: UInt64 = 0
    private var episode = Episode()

    /// What was counted when the trouble began, and the failures of probes since.
    private struct Episode: Hashable, Sendable {
        var failures = 0
        var failureRate: Int?
        var slowCallRate: Int?
    }

    init(name: String, configuration: CircuitBreakerConfiguration, now: MonotonicInstant, draw: UInt64 = 0) {
        self.name = name
        self.configuration = configuration
        self.draw = draw
        since = now
        latest = now
        history = CallHistory(configuration)
        history.roll(to: now)
        if !configuration.isEnabled { phase = .disabled }
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

    var failureCount: Int { phase == .closed ? history.failureCount : episode.failures }

    var probesInFlight: Int {
        if case .halfOpen(let leases, _) = phase { return leases.count }
        return 0
    }

    /// The status at `now`, as if time had been applied, without applying it.
    func status(now: MonotonicInstant) -> CircuitBreaker.Status {
        var copy = self
        _ = copy.advance(to: now)
        return copy.presentStatus
    }

    /// Replaces random bits that were used.
    mutating func refill(_ bits: UInt64) {
        draw = bits
        needsDraw = false
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
        history.roll(to: latest)
        if let end = ramp?.end, end <= latest { ramp = nil }
        return transitions
    }

    mutating func admit(now: MonotonicInstant) -> CircuitBreaker.Decision {
        let transitions = advance(to: now)
        var decision = CircuitBreaker.Decision(admission: admission(), transitions: transitions)
        if shadowReason != nil, case .rejected(let rejection) = decision.admission, !enforcesRefusal() {
            shadowRefusals = shadowRefusals.addingSaturating(1)
            decision.admission = .admitted(.countsForNothing)
            decision.shadowRejection = rejection
        }
        return decision
    }

    /// Takes a result; `took` is how long the call took, in nanoseconds, where slowness counts.
    mutating func record(
        _ result: CircuitBreaker.CallResult, for ticket: CircuitBreaker.Ticket, took: Int64 = 0, now: MonotonicInstant
    ) -> [Transition] {
        var transitions = advance(to: now)
        guard ticket.era == era else { return transitions }
        let isSlow = history.isSlow(took)
        switch phase {
        case .open, .isolated, .disabled: break
        case .closed:
            guard result != .ignored, let reason = history.add(isFailure: result == .failure, isSlow: isSlow) else {
                break
            }
            transitions.append(trip(reason))
        case .halfOpen(var leases, let successes):
            // A ticket that was handed back before holds no lease any more, and must not free another's.
            guard let index = leases.firstIndex(where: { $0.probe == ticket.probe }) else { break }
            leases.remove(at: index)
            switch result {
            case .failure: transitions.append(reopen(at: latest, .probeFailed))
            case .success where isSlow: transitions.append(reopen(at: latest, .probeSlow))
            case .success where successes + 1 >= configuration.successesToClose:
                transitions.append(close(.probesSucceeded))
            case .success: phase = .halfOpen(leases: leases, successes: successes + 1)
            case .ignored: phase = .halfOpen(leases: leases, successes: successes)
            }
        }
        return transitions
    }

    /// Takes back a ticket that nobody will settle, and discovers nothing: there is nobody to tell.
    mutating func giveBack(_ ticket: CircuitBreaker.Ticket, now: MonotonicInstant) {
        guard ticket.era == era, case .halfOpen(var leases, let successes) = phase else { return }
        // A lease that is over has failed already, whether anybody has noticed or not.
        leases.removeAll { $0.probe == ticket.probe && $0.end > max(latest, now) }
        phase = .halfOpen(leases: leases, successes: successes)
    }

    private mutating func admission() -> CircuitBreaker.Admission {
        switch phase {
        case .disabled: return .admitted(CircuitBreaker.Ticket(era: era))
        case .closed:
            if let passes = ramp?.admits(at: latest), !passes { return .rejected(rejection) }
            return .admitted(CircuitBreaker.Ticket(era: era))
        case .open, .isolated: return .rejected(rejection)
        case .halfOpen(var leases, let successes):
            guard leases.count < configuration.probes else { return .rejected(rejection) }
            lastProbe &+= 1
            leases.append(Lease(probe: lastProbe, end: latest.advanced(by: configuration.probeLease)))
            phase = .halfOpen(leases: leases, successes: successes)
            return .admitted(CircuitBreaker.Ticket(era: era, probe: lastProbe))
        }
    }

    /// Whether a shadow refuses a call that it would refuse: no chance is in it, the share that has built up decides.
    private mutating func enforcesRefusal() -> Bool {
        shadowCredit += shadowShare
        guard shadowCredit >= 1_000 else { return false }
        shadowCredit -= 1_000
        return true
    }

    private var rejection: CircuitBreaker.Rejection {
        CircuitBreaker.Rejection(name: name, state: state, until: phaseEnd ?? ramp?.end, detail: detail)
    }

    private mutating func trip(_ reason: Transition.Reason) -> Transition {
        beginEpisode()
        return open(at: latest, reason)
    }

    private mutating func reopen(at instant: MonotonicInstant, _ reason: Transition.Reason) -> Transition {
        episode.failures = episode.failures.addingSaturating(1)
        return open(at: instant, reason)
    }

    private mutating func open(at instant: MonotonicInstant, _ reason: Transition.Reason) -> Transition {
        let length = configuration.openDuration(afterSteps: growthSteps, draw: draw)
        needsDraw = configuration.openDurationJitter > 0
        // More steps than these change nothing: the growth has met its cap long before, or is 1.
        growthSteps = min(growthSteps + 1, 1_024)
        return enter(.open(until: instant.advanced(by: length)), at: instant, reason)
    }

    mutating func enterHalfOpen(at instant: MonotonicInstant, _ reason: Transition.Reason) -> Transition {
        enter(.halfOpen(leases: [], successes: 0), at: instant, reason)
    }

    mutating func close(_ reason: Transition.Reason) -> Transition {
        history.clear()
        let transition = enter(.closed, at: latest, reason)
        // Evidence brings calls back bit by bit; an operator knows better.
        ramp = reason == .probesSucceeded ? configuration.ramp.map { RampProgress($0, start: latest) } : nil
        return transition
    }

    /// Keeps what was counted and earned while the breaker was closed, before it leaves that state, whoever moves it.
    mutating func beginEpisode() {
        guard phase == .closed else { return }
        episode = Episode(
            failures: history.failureCount, failureRate: history.failureRate, slowCallRate: history.slowCallRate)
        // Health that lasted gives back one step of growth for each opening time that the breaker was closed.
        let healthy = since.duration(to: latest).wholeNanoseconds
        let steps = healthy / max(configuration.openDuration.wholeNanoseconds, 1)
        growthSteps = Int(max(Int64(growthSteps).subtractingSaturating(steps), 0))
    }

    mutating func enter(
        _ next: Phase, at instant: MonotonicInstant, _ reason: Transition.Reason, detail: String? = nil
    ) -> Transition {
        let from = state
        phase = next
        since = instant
        beginEra()
        ramp = nil
        self.detail = detail
        return Transition(
            name: name, from: from, to: state, at: instant, reason: reason, failureCount: episode.failures,
            until: phaseEnd, detail: detail, failureRate: episode.failureRate, slowCallRate: episode.slowCallRate,
            isShadow: shadowReason != nil && shadowShare == 0)
    }

    /// Begins an era; as many as the published word has room for are told apart, and that of 0 belongs to none.
    mutating func beginEra() {
        era = era >= HotWord.lastEra ? 1 : era + 1
    }

    private var presentStatus: CircuitBreaker.Status {
        let isClosed = phase == .closed
        return CircuitBreaker.Status(
            name: name, state: state, since: since, until: phaseEnd, failureCount: failureCount,
            failureRate: isClosed ? history.failureRate : episode.failureRate,
            slowCallRate: isClosed ? history.slowCallRate : episode.slowCallRate,
            callsInWindow: history.tally.calls, probesInFlight: probesInFlight,
            admittedPerMille: admittedPerMille, detail: presentDetail, isShadow: shadowReason != nil,
            shadowReason: shadowReason, shadowRefusals: shadowRefusals,
            enforcedPerMille: shadowReason == nil ? 1_000 : shadowShare)
    }

    /// The operator's words, or why no operator has any.
    private var presentDetail: String? {
        detail ?? (phase == .disabled ? "switched off by its configuration" : nil)
    }

    private var admittedPerMille: Int {
        let admitted =
            switch phase {
            case .closed: ramp.map { Int($0.share(at: latest)) } ?? 1_000
            case .disabled: 1_000
            case .open, .halfOpen, .isolated: 0
            }
        return shadowReason == nil ? admitted : 1_000 - (1_000 - admitted) * shadowShare / 1_000
    }
}
