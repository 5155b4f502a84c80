internal import SeawallAlerts
internal import SeawallBroker
internal import SeawallCircuitBreaker
internal import SeawallDegradation
internal import SeawallRateLimit
internal import SeawallTime

/// What of a layer must survive a restart, written down; without a journal it does nothing.
///
/// It writes down what the gate and the ledger know at the moment of writing, not what somebody says has changed: of two
/// changes that are reported in the wrong order the last line is still the truth.
final class LayerJournal: Sendable {
    /// How long an alert about a latch waits for the latch to be safe; a disk that hangs holds it up no longer.
    private static let patience: Duration = .seconds(1)

    private let journal: Journal?
    private let gate: OrderGate
    private let ledger: OrderLedger
    private let time: any TimeSource
    /// The amends that are written down and not settled, those of an earlier run marked.
    private let amends = Lock([AmendTicket: (record: JournalledAmend, isInherited: Bool)]())

    init(_ journal: Journal?, gate: OrderGate, ledger: OrderLedger, time: any TimeSource) {
        self.journal = journal
        self.gate = gate
        self.ledger = ledger
        self.time = time
    }

    /// Writes down causes that changed, and has `action` run when that is safe, or cannot be made safe now.
    ///
    /// Where they changed because of a note that was made before, that one's mark is `earlier`.
    func latched(
        _ changes: [PermissionChange], after earlier: UInt64? = nil, then action: @escaping @Sendable () -> Void
    ) {
        guard let journal, let mark = note(changes, in: journal) ?? earlier else { return action() }
        journal.whenSafe(mark, by: time.now.advanced(by: Self.patience), insists: true) { _ in action() }
    }

    /// Waits where it stands for what was latched so far, for a moment at most.
    func settle() {
        guard let journal else { return }
        journal.settle(journal.latest)
    }

    /// Waits for what was latched so far; returns when that is safe, or cannot be made safe now.
    func latched() async {
        guard let journal else { return }
        _ = await journal.safe(journal.latest, by: time.now.advanced(by: Self.patience))
    }

    /// Writes an intent down before its order may be handed over; the error where that is not safe by `deadline`.
    func prepare(_ entry: LedgerEntry, by deadline: MonotonicInstant) async -> JournalError? {
        guard let journal else { return nil }
        let intent = JournalledIntent(
            request: entry.request, intent: entry.intent, clientID: entry.clientID, moment: JournalMoment(time))
        guard let mark = journal.note({ _ in [.intent(intent)] }) else { return nil }
        return await journal.safe(mark, by: deadline)
    }

    /// Writes an amend down before it may be handed over; the error where that is not safe by `deadline`.
    ///
    /// `leg` is what it replaces, at a venue whose amends replace.
    func prepare(
        _ amend: AmendRequest, _ ticket: AmendTicket, leg: JournalledLeg?, by deadline: MonotonicInstant
    ) async -> JournalError? {
        guard let journal else { return nil }
        let record = JournalledAmend(
            id: "b\(journal.recovery.boot).a\(ticket.number)", request: amend, leg: leg, moment: JournalMoment(time))
        amends.withLock { $0[ticket] = (record, false) }
        guard let mark = journal.note({ _ in [.amend(record)] }) else { return nil }
        return await journal.safe(mark, by: deadline)
    }

    /// Takes over an amend of an earlier run, which counts under `ticket` in this one.
    func inherit(_ amend: JournalledAmend, as ticket: AmendTicket) {
        amends.withLock { $0[ticket] = (amend, true) }
    }

    /// The amends of earlier runs of which it is not proven what became of them.
    var inheritedAmends: [(ticket: AmendTicket, request: AmendRequest)] {
        amends.withLock { amends in
            amends.filter(\.value.isInherited).map { ($0.key, $0.value.record.request) }.sorted { $0.0 < $1.0 }
        }
    }

    /// Writes down that an amend is settled, with its order as it is known now; nobody waits for it.
    func settled(_ ticket: AmendTicket) {
        guard let journal, let amend = amends.withLock({ $0.removeValue(forKey: ticket) })?.record else { return }
        _ = journal.note { state in
            let entry = ledger.entry(amend.request.target)
            let order = entry.flatMap { record(of: $0.clientID, in: state) }
            return (order.map { [$0] } ?? []) + [.amendEnded(id: amend.id)]
        }
    }

    /// Writes down that the venue shut a scope; nobody waits for it, since nothing goes out there anyway.
    func shut(_ scope: LimitScope, until: MonotonicInstant) {
        let gate = JournalledGate(scope: scope, until: until, moment: JournalMoment(time))
        guard until > gate.moment.at, let journal else { return }
        let mark = journal.note { state in
            state.gates[scope].map { $0.until >= until } == true ? [] : [.gate(gate)]
        }
        if let mark { journal.whenSafe(mark, by: nil) { _ in } }
    }

    /// Takes over the scopes that the venue shut for an earlier run; returns those that are shut still.
    func inheritGates() -> [(scope: LimitScope, until: MonotonicInstant)] {
        guard let journal else { return [] }
        let (gates, moment) = (journal.recovery.state.gates, journal.recovery.moment)
        let inherited = gates.values.sorted { $0.scope < $1.scope }.map { ($0.scope, $0.restored(at: moment)) }
        // By this run's clock from here on: the one that they were written down by may have begun anew.
        _ = journal.note { _ in
            inherited.map { scope, until in
                until.map { .gate(JournalledGate(scope: scope, until: $0, moment: moment)) } ?? .gateEnded(scope)
            }
        }
        return inherited.compactMap { scope, until in until.map { (scope, $0) } }
    }

    /// Writes down what became of orders; nobody waits for it.
    func note(_ changes: [LedgerChange]) {
        guard let journal else { return }
        for clientID in Set(changes.map(\.clientID)).sorted() {
            _ = journal.note { state in record(of: clientID, in: state).map { [$0] } ?? [] }
        }
    }

    /// Writes down of which episode of alerts the sinks have heard, nil where they know that it has ended; nobody waits
    /// for it.
    func note(_ alert: Alert?, of key: String) {
        guard let journal else { return }
        _ = journal.note { state in
            guard let alert else { return state.alerts[key] == nil ? [] : [.alertEnded(key: key)] }
            let open = JournalledAlert(
                key: key, episode: alert.episode, code: alert.code, severity: alert.severity.rawValue,
                message: alert.message, causes: alert.causes, scope: alert.scope)
            return state.alerts[key] == open ? [] : [.alert(open)]
        }
    }

    /// Writes down what an operator has set on a breaker, as it is at the moment of writing; nil where nothing is new.
    @discardableResult
    func note(_ breaker: CircuitBreaker, isInherited: Bool = false) -> UInt64? {
        guard let journal else { return nil }
        return journal.note { state in
            let known = state.breakers[breaker.name]
            guard let set = breaker.status.operatorSetting else {
                return known == nil ? [] : [.breakerEnded(name: breaker.name)]
            }
            // What an earlier run set is written down anew: the clock that it was written by may have begun again.
            if let known, !isInherited, known.kind == set.kind.rawValue, known.reason == set.reason,
                known.until == set.until
            {
                return []
            }
            return [
                .breaker(
                    JournalledBreaker(
                        name: breaker.name, kind: set.kind.rawValue, reason: set.reason, until: set.until,
                        moment: JournalMoment(time)))
            ]
        }
    }

    /// Writes down what the limiter must know after a restart; nobody waits for it.
    func note(_ limits: RateLimiterSnapshot) {
        guard let journal, let text = limits.memo else { return }
        _ = journal.note { state in
            state.memos[RateLimiterSnapshot.memoName] == text
                ? [] : [.memo(name: RateLimiterSnapshot.memoName, text: text)]
        }
    }

    /// Writes down that causes of an earlier run have ended since.
    func dropExpired(_ keys: [CauseKey]) {
        _ = journal?.note { state in
            keys.compactMap { key in gate.pauses.cause(key) == nil ? record(of: key, in: state) : nil }
        }
    }

    /// True where the orders that a cause covers have been swept, in this run or before.
    func isSwept(_ cause: Cause) -> Bool { journal?.isSwept(cause.key, id: cause.record) ?? false }

    /// True where an earlier run had raised the cause.
    func isOfEarlierRun(_ cause: Cause) -> Bool {
        journal?.recovery.state.causes[cause.key]?.cause.record == cause.record
    }

    /// Writes down that the orders of a cause have been swept, so that no restart does it again.
    func noteSwept(_ plan: SweepPlan) {
        guard let journal, let mark = journal.note({ _ in [.swept(plan.key, id: plan.cause)] }) else { return }
        journal.whenSafe(mark, by: nil) { _ in }
    }

    /// Has everything written that was noted.
    func flush() { journal?.flush() }

    private func note(_ changes: [PermissionChange], in journal: Journal) -> UInt64? {
        let keys = Set(changes.map(\.cause.key)).sorted()
        return journal.note { state in keys.compactMap { record(of: $0, in: state) } }
    }

    /// What must be written down of a cause; nothing of one that ends with its condition, which is looked at anew.
    private func record(of key: CauseKey, in state: JournalState) -> JournalRecord? {
        let known = state.causes[key]
        guard let cause = gate.pauses.cause(key) else { return known.map { .causeEnded(key, id: $0.cause.record) } }
        if cause.release == .whenCleared || cause == known?.cause { return nil }
        return .cause(JournalledCause(cause, at: JournalMoment(time)))
    }

    private func record(of clientID: ClientOrderID, in state: JournalState) -> JournalRecord? {
        guard let known = state.intents[clientID] else { return nil }
        guard let entry = ledger.entry(clientID) else { return .dropped(clientID) }
        // That it was sent says nothing more to a restart than that it was prepared.
        if entry.order.status == .prepared || entry.order.status == .sent { return nil }
        if entry.isUnsent { return .dropped(clientID) }
        return entry.order == known.order ? nil : .order(clientID, entry.order)
    }
}
