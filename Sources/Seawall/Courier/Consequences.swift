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
    private let limiter: RateLimiter
    private let gate: OrderGate
    private let alerts: AlertManager
    private let metrics: LayerMetrics
    private let recorder: (any LayerRecorder)?
    private let journal: LayerJournal
    private let usageHeaders: [String: String]
    private let environment: RuntimeEnvironment
    private let breakerOpened = Lock((@Sendable (String) -> Void)?.none)
    private let trips = Lock(TripListener?.none)

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
        let named = profile.usageHeaders.map { ($0.value.lowercased(), $0.key) }
        // Of two limits under one header always the same one learns.
        usageHeaders = Dictionary(named) { min($0, $1) }
    }

    /// Has `action` run with the name of each breaker that opens.
    func onBreakerOpen(_ action: @escaping @Sendable (String) -> Void) {
        breakerOpened.withLock { $0 = action }
    }

    /// Has a listener told of causes that begin and end, and of the moves of orders.
    func onTrips(_ listener: TripListener) {
        trips.withLock { $0 = listener }
    }

    /// Records a step of a sweep.
    func record(_ event: SweepEvent) { recorder?.record(.sweep(event)) }

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

    /// What a breaker's moves mean for trading: while one is not closed, only what reduces may go out.
    func follow(_ transitions: [CircuitBreaker.Transition]) {
        for transition in transitions {
            recorder?.record(.breaker(transition))
            metrics.breaker(transition)
            alerts.record(transition)
            let cause = CauseID("breaker.\(transition.name)")
            switch transition.to {
            case .open:
                follow(
                    gate.pauses.raise(
                        cause, level: .reduceOnly, release: .whenCleared, code: .breakerOpen,
                        message: "breaker \(transition.name) is open: \(transition.reason)"))
                breakerOpened.withLock { $0 }?(transition.name)
            case .closed, .disabled:
                follow(gate.pauses.clear(cause))
            case .halfOpen, .isolated:
                break
            }
        }
    }

    /// Records changes of permission, and begins or ends an episode of alerts with each cause, once it is written down.
    func follow(_ changes: [PermissionChange]) {
        guard !changes.isEmpty else { return }
        for change in changes { recorder?.record(.permission(change)) }
        metrics.permission(gate.permission())
        let listener = trips.withLock { $0 }
        for change in changes where change.event == .cleared || change.event == .expired {
            listener?.causeEnded(change.cause)
        }
        journal.latched(changes) { [self] in tell(changes) }
    }

    private func tell(_ changes: [PermissionChange]) {
        let listener = trips.withLock { $0 }
        for change in changes where change.event == .raised { listener?.causeLatched(change.cause) }
        for change in changes {
            switch change.event {
            case .raised, .extended:
                alerts.begin(
                    change.id, code: change.code.rawValue, severity: change.level == .frozen ? .critical : .warning,
                    message: "trading is \(change.level.rawValue) for \(change.scope)", causes: [change.id],
                    scope: change.scope.description)
                awaitEnd(of: change)
            case .cleared, .expired:
                alerts.end(change.id)
            }
        }
    }

    /// A cause that time ends is noticed when it ends, so that its alert ends too, traffic or none.
    private func awaitEnd(of change: PermissionChange) {
        guard let until = change.until else { return }
        environment.spawner.spawn { [self] in
            do { try await environment.time.sleep(until: until) } catch { return }
            follow(gate.pauses.poll())
        }
    }

    /// Records the moves of an order.
    func follow(_ changes: [LedgerChange]) {
        for change in changes {
            recorder?.record(.order(change))
            metrics.order(change.state)
        }
        journal.note(changes)
        trips.withLock { $0 }?.ordersMoved(changes)
    }

    /// Raises what the limiter believes is used to what the venue says.
    func learn(headers: [String: String], answering grant: Grant) {
        for (name, value) in headers.sorted(by: { $0.key < $1.key }) {
            guard let bucket = usageHeaders[name.lowercased()], let used = Int(value), used >= 0 else { continue }
            limiter.reportUsage(bucket: bucket, used: used, answering: grant)
        }
    }

    /// Shuts a scope, and has the next process know of it.
    func shut(_ scope: LimitScope, _ until: MonotonicInstant) {
        limiter.gate(scope: scope.rawValue, until: until)
        recorder?.record(.limited(scope: scope, until: until))
        journal.shut(scope, until: until)
    }
}

extension ReasonCode {
    /// A breaker is not closed.
    static let breakerOpen: ReasonCode = "breaker_open"
}
