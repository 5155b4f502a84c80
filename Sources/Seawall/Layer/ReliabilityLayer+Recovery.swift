internal import SeawallAlerts
internal import SeawallBroker
public import SeawallDegradation
internal import SeawallTime

// What an earlier run of the process knew, and how its state is given up where it cannot be read.
extension ReliabilityLayer {
    /// True while the state of an earlier run could not be read: only cancels go out.
    public var isStateUnreadable: Bool { gate.pauses.cause(CauseKey(.stateUnreadable)) != nil }

    /// Gives up the state that could not be read, and lets trading go on.
    ///
    /// What is in the journal is set aside for people to look at, and what is known now is written in its place: as much
    /// of the old pauses and intents as could be read, and everything since. Pauses, kill switches and intents that could
    /// not be read are forgotten: an intent of before may become a second order when it is placed again. So look at the
    /// venue's open orders and at what was paused first.
    ///
    /// - Parameter reason: Why this is right, for whoever looks later.
    /// - Throws: `JournalError`: `notHalted` where the state could be read, else what keeps it from being written anew;
    ///   then nothing but cancels goes out as before.
    public func abandonUnreadableState(reason: String) throws(JournalError) {
        guard let storedJournal, isStateUnreadable else {
            throw JournalError(code: .notHalted, message: "the state could be read: there is nothing to give up")
        }
        // A try that came as far as setting the old state aside goes on from there.
        if storedJournal.isHalted { try storedJournal.abandon() }
        gate.pauses.raise(
            .stateUnreadable, level: .cancelOnly, release: .byHand, code: .stateUnreadable,
            message: "given up by hand: \(reason)")
        storedJournal.flush()
        if let error = storedJournal.settle(storedJournal.latest) { throw error }
        consequences.follow(gate.pauses.release(.stateUnreadable))
        journal.settle()
    }

    /// Takes over what the journal held, before anything may be placed.
    func recover() {
        guard let storedJournal else { return }
        let recovery = storedJournal.recovery
        let state = recovery.state
        storedJournal.onCondition { [weak consequences, gate] error in
            consequences?.follow(
                error.map { error in
                    gate.pauses.raise(
                        .stateUnwritable, level: .cancelOnly, release: .whenCleared, code: .stateUnwritable,
                        message: error.description)
                } ?? gate.pauses.clear(.stateUnwritable))
        }
        alerts.observe { [journal] key, alert in journal.note(alert, of: key) }
        _ = storedJournal.note { _ in [.boot(recovery.boot, recovery.moment)] }
        for alert in state.alerts.values.sorted(by: { $0.key < $1.key }) {
            alerts.restore(
                alert.key, episode: alert.episode, code: alert.code,
                severity: AlertSeverity(rawValue: alert.severity) ?? .warning, message: alert.message,
                causes: alert.causes, scope: alert.scope)
        }
        for intent in state.orderedIntents { gate.restore(intent) }
        consequences.follow(
            broker.ledger.restore(state.orderedIntents.map { LedgerEntry($0, now: recovery.moment.at) }),
            isInherited: true)
        for amend in state.amends.values.sorted(by: { $0.id < $1.id }) {
            let ticket = gate.restore(amend.request)
            broker.evidence.inherit(amend, as: ticket)
            journal.inherit(amend, as: ticket)
        }
        for (scope, until) in journal.inheritGates() { consequences.shut(scope, until, isInherited: true) }
        let stored = state.causes.values.sorted { $0.cause.key < $1.cause.key }
        consequences.follow(
            gate.pauses.restore(stored.compactMap { $0.restored(at: recovery.moment) }), isInherited: true)
        if let failure = recovery.failure {
            consequences.follow(
                gate.pauses.raise(
                    .stateUnreadable, level: .cancelOnly, release: .byHand, code: .stateUnreadable,
                    message:
                        "the state of earlier starts cannot be read, see abandonUnreadableState(reason:): \(failure)"))
        }
        breakers.restore(state.breakers, at: recovery.moment)
        // Before the first call, so that starts in quick succession share what one of them may use.
        journal.note(limiter.snapshot())
        journal.dropExpired(stored.map(\.cause.key))
        journal.settle()
    }

    /// Goes on asking for what an earlier run left in doubt, and ends the alerts of what is over by now.
    func resumeDoubts() {
        guard let storedJournal else { return }
        let unknown = broker.ledger.live.filter { $0.order.status == .unknown }
        for entry in unknown { broker.resolver.resolve(entry.clientID) }
        for (ticket, amend) in journal.inheritedAmends { broker.resolver.resolve(amend, ticket) }
        for entry in broker.ledger.live where !entry.legs.doubtful.isEmpty {
            broker.resolver.resolveLegs(of: entry.clientID)
        }
        let causes = status.causes.map(\.cause.record)
        let open = Set(causes + causes.map { "sweep:\($0)" } + unknown.map { "unknown:\($0.clientID)" })
        for key in storedJournal.recovery.state.alerts.keys.sorted() where !open.contains(key) { alerts.end(key) }
    }
}
