internal import SeawallAlerts
internal import SeawallBroker
internal import SeawallCircuitBreaker
internal import SeawallDegradation
internal import SeawallRateLimit
internal import SeawallTime

/// What follows in one part from what happened in another, written once.
///
/// A limit shuts the limiter's gate, a ban freezes trading, a breaker that opens restricts it to reducing, and every
/// restriction is an episode of alerts. Everything is recorded in the order in which it became true.
final class Consequences: Sendable {
    /// The parts of the layer that are told of what happens.
    private struct Listeners: Sendable {
        var breakerTrouble: (@Sendable (CircuitBreaker) -> Void)?
        var shut: (@Sendable (LimitScope, MonotonicInstant) -> Void)?
        var trips: TripListener?
    }

    private let limiter: RateLimiter
    private let gate: OrderGate
    private let alerts: AlertManager
    private let metrics: LayerMetrics
    private let recorder: (any LayerRecorder)?
    private let journal: LayerJournal
    private let usageHeaders: [UsageHeader]
    private let environment: RuntimeEnvironment
    private let listeners = Lock(Listeners())

    init(
        limiter: RateLimiter, gate: OrderGate, alerts: AlertManager, metrics: LayerMetrics,
        recorder: (any LayerRecorder)?, journal: LayerJournal, profile: VenueProfile, environment: RuntimeEnvironment
    ) {
        self.journal = journal
        self.limiter = limiter
        self.gate = gate
        self.alerts = alerts
        self.metrics = metrics
        self.recorder = recorder
        self.environment = environment
        usageHeaders = UsageHeader.all(of: profile)
    }

    /// Has `action` run with each breaker that leaves the closed state, or moves on without closing.
    func onBreakerTrouble(_ action: @escaping @Sendable (CircuitBreaker) -> Void) {
        listeners.withLock { $0.breakerTrouble = action }
    }

    /// Has `action` run with each scope that the venue shuts, and until when.
    func onShut(_ action: @escaping @Sendable (LimitScope, MonotonicInstant) -> Void) {
        listeners.withLock { $0.shut = action }
    }

    /// Has a listener told of causes that begin and end, and of the moves of orders.
    func onTrips(_ listener: TripListener) {
        listeners.withLock { $0.trips = listener }
    }

    /// Records a step of a sweep.
    func record(_ event: SweepEvent) {
        recorder?.record(.sweep(event))
        metrics.sweep(event)
    }

    /// What a venue's answer to a call means for everybody else.
    ///
    /// Where the venue counts for each symbol, the symbol of the call is the one that was meant.
    func follow(_ outcome: Outcome, about symbol: Symbol?) {
        switch outcome {
        case .rateLimited(let until, let scope):
            shut(scope.narrowed(to: symbol), until)
        case .banned(let until, let named):
            let scope = named.narrowed(to: symbol)
            shut(scope, until)
            follow(
                gate.pauses.raise(
                    CauseID("ban.\(scope)"), level: .frozen, release: .at(until), code: .venueBan,
                    message: "the venue has banned scope \(scope)"))
        case .succeeded, .notSent, .ambiguous, .overloaded, .rejected, .reduceCapacity, .noSuchOrder, .duplicate,
            .partial, .clockSkew, .venueMode, .authentication, .sessionExpired, .callerCancelled:
            break
        }
    }

    /// What a breaker's move means for trading: while it is not closed, only what reduces may go out.
    ///
    /// In shadow it blocks nothing, here as elsewhere.
    /// Called with the moves of one breaker in their order, one at a time.
    func follow(_ transition: CircuitBreaker.Transition, of breaker: CircuitBreaker) {
        recorder?.record(.breaker(transition))
        metrics.breaker(transition)
        let alert = CircuitBreakerAlert(transition, timestamp: alerts.civil(at: transition.at))
        // A breaker that restricts is told of by its cause; in shadow it has an episode of its own.
        if transition.isShadow { alerts.report(alert) } else { alerts.record(alert) }
        let cause = CauseID("breaker.\(transition.name)")
        let mark = transition.from == .isolated || transition.from == .disabled ? journal.note(breaker) : nil
        switch transition.to {
        case .open where transition.isShadow, .halfOpen: break
        case .open: restrict(cause, .breakerOpen, alert)
        case .isolated: restrict(cause, .breakerIsolated, alert, after: journal.note(breaker))
        case .closed, .disabled:
            follow(gate.pauses.clear(cause), after: mark)
            alerts.end("breaker:\(transition.name)")
        }
        if transition.to != .closed, transition.to != .disabled { listeners.withLock { $0 }.breakerTrouble?(breaker) }
    }

    /// Follows a breaker that an operator has put in shadow, or taken out of it: neither is a move.
    func align(_ breaker: CircuitBreaker) {
        let status = breaker.status
        guard status.state == .open || status.state == .halfOpen else { return }
        let cause = CauseID("breaker.\(status.name)")
        if status.isShadow { return follow(gate.pauses.clear(cause)) }
        alerts.end("breaker:\(status.name)")
        guard gate.pauses.cause(CauseKey(cause)) == nil else { return }
        restrict(
            cause, .breakerOpen,
            CircuitBreakerAlert(
                breakerName: status.name, from: .closed, to: .open, timestamp: environment.time.civilNow,
                failureCount: status.failureCount,
                metadata: ["reason": CircuitBreaker.Transition.Reason.released.rawValue]))
    }

    /// Restricts trading because of a breaker; where it is restricted already, its episode hears of it once more.
    private func restrict(
        _ cause: CauseID, _ code: ReasonCode, _ alert: CircuitBreakerAlert, after mark: UInt64? = nil
    ) {
        let reasons = [alert.metadata["reason"], alert.metadata["detail"]].compactMap(\.self)
        let changes = gate.pauses.raise(
            cause, level: .reduceOnly, release: .whenCleared, code: code, message: alert.message, evidence: reasons)
        follow(changes, after: mark)
        let isNew = changes.contains { $0.cause.key.id == cause && $0.event == .raised }
        if !isNew, let standing = gate.pauses.cause(CauseKey(cause)) {
            begin(standing, code: code, message: alert.message, reasons: reasons)
        }
    }

    /// Records changes of permission, and begins or ends an episode of alerts with each cause, once it is written down.
    ///
    /// - Parameters:
    ///   - mark: A note in the journal that must be safe too before anybody is told.
    ///   - isInherited: True for what an earlier run of the process had counted.
    func follow(_ changes: [PermissionChange], after mark: UInt64? = nil, isInherited: Bool = false) {
        guard !changes.isEmpty else { return }
        for change in changes {
            recorder?.record(.permission(change))
            metrics.permission(change, isInherited: isInherited)
        }
        let listener = listeners.withLock { $0 }.trips
        for change in changes where change.event == .cleared || change.event == .expired {
            listener?.causeEnded(change.cause)
        }
        journal.latched(changes, after: mark) { [self] in tell(changes) }
    }

    private func tell(_ changes: [PermissionChange]) {
        let listener = listeners.withLock { $0 }.trips
        for change in changes where change.event == .raised { listener?.causeLatched(change.cause) }
        for change in changes {
            switch change.event {
            case .raised, .extended:
                let isBreaker = change.code == .breakerOpen || change.code == .breakerIsolated
                begin(
                    change.cause, code: change.code, message: change.cause.message,
                    reasons: isBreaker ? change.cause.evidence : [])
                awaitEnd(of: change)
            case .cleared, .expired:
                alerts.end(change.id)
            }
        }
    }

    /// Reports a cause that stands: what happened, and what it means for trading.
    private func begin(_ cause: Cause, code: ReasonCode, message: String, reasons: [String]) {
        let scope = cause.key.scope
        let severity: AlertSeverity =
            switch code {
            case .breakerOpen: CircuitBreakerAlert.severity(from: .closed, to: .open)
            case .breakerIsolated: CircuitBreakerAlert.severity(from: .closed, to: .isolated)
            default: cause.level == .frozen ? .critical : .warning
            }
        alerts.begin(
            cause.record, code: code.rawValue, severity: severity,
            message: "\(message); trading is \(cause.level.rawValue) for \(scope)", causes: [cause.record] + reasons,
            scope: scope.description)
    }

    /// A cause that time ends is noticed when it ends, so that its alert ends too, traffic or none.
    private func awaitEnd(of change: PermissionChange) {
        guard let until = change.until else { return }
        environment.spawner.spawn { [self] in
            do { try await environment.time.sleep(until: until) } catch { return }
            follow(gate.pauses.poll())
        }
    }

    /// Records the moves of an order; those that are inherited an earlier run of the process had counted.
    func follow(_ changes: [LedgerChange], isInherited: Bool = false) {
        for change in changes {
            recorder?.record(.order(change))
            metrics.order(change, isInherited: isInherited)
        }
        journal.note(changes)
        listeners.withLock { $0 }.trips?.ordersMoved(changes)
    }

    /// Raises what the limiter believes is used to what the venue says, at the venue's own time.
    func learn(headers: [String: String], about symbol: Symbol?, answering grant: Grant, civilNow: CivilInstant) {
        limiter.learn(
            headers: headers, by: usageHeaders, key: symbol?.rawValue ?? "", answering: grant, civilNow: civilNow)
    }

    /// Shuts a scope, and has the next process know of it; one that is inherited an earlier run had counted.
    func shut(_ scope: LimitScope, _ until: MonotonicInstant, isInherited: Bool = false) {
        limiter.gate(scope: scope.rawValue, until: until)
        listeners.withLock { $0 }.shut?(scope, until)
        recorder?.record(.limited(scope: scope, until: until))
        metrics.shut(scope, until: until, isInherited: isInherited)
        journal.shut(scope, until: until)
    }
}

extension ReasonCode {
    /// A breaker has opened.
    static let breakerOpen: ReasonCode = "breaker_open"

    /// An operator refuses what goes through a breaker.
    static let breakerIsolated: ReasonCode = "breaker_isolated"
}
