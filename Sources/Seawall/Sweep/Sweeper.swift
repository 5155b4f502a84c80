internal import SeawallAlerts
internal import SeawallBroker
internal import SeawallDegradation
internal import SeawallRateLimit
internal import SeawallTime

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// Carries out the sweeps that trips make: once for each stay of a cause, and to its end over restarts.
///
/// A cause that is raised again while it stands sweeps nothing anew. What is still under way when a sweep begins, and
/// turns out to be at the venue, is cancelled as soon as it is known.
final class Sweeper: Sendable {
    private struct Sweep: Sendable {
        var plan: SweepPlan
        var core: SweepCore
        var cancelled: Set<OrderTarget> = []
    }

    let courier: Courier
    let ledger: OrderLedger
    let gate: OrderGate
    let evidence: Evidence
    let configuration: LayerConfiguration
    let resolver: Resolver
    private let consequences: Consequences
    private let alerts: AlertManager
    private let journal: LayerJournal
    private let conclusiveAfter: Duration
    let prices: SweepPrices
    private let sweeps = Lock([String: Sweep]())

    init(
        courier: Courier, ledger: OrderLedger, gate: OrderGate, evidence: Evidence, resolver: Resolver,
        consequences: Consequences, alerts: AlertManager, journal: LayerJournal, profile: VenueProfile,
        configuration: LayerConfiguration
    ) {
        self.courier = courier
        self.ledger = ledger
        self.gate = gate
        self.evidence = evidence
        self.resolver = resolver
        self.consequences = consequences
        self.alerts = alerts
        self.journal = journal
        self.configuration = configuration
        prices = SweepPrices(profile, capabilities: courier.broker.capabilities)
        conclusiveAfter = configuration.conclusiveAfter(at: profile)
    }

    var time: any TimeSource { courier.environment.time }

    /// What the sweeper is to be told; it does not keep the sweeper alive.
    var listener: TripListener {
        TripListener(
            causeLatched: { [weak self] cause in self?.begin(cause) },
            causeEnded: { [weak self] cause in self?.end(cause) },
            ordersMoved: { [weak self] changes in self?.follow(changes) })
    }

    /// Begins the sweep of a cause that was raised and is safe now, unless it was swept before; after a restart it goes on.
    private func begin(_ cause: Cause) {
        guard let plan = SweepPlan(cause), isInForce(plan), !journal.isSwept(cause) else { return }
        let conclusiveFrom = time.now.advanced(by: conclusiveAfter)
        let isNew = sweeps.withLock { sweeps in
            guard sweeps[plan.cause] == nil else { return false }
            sweeps[plan.cause] = Sweep(plan: plan, core: SweepCore(conclusiveFrom: conclusiveFrom))
            return true
        }
        guard isNew else { return }
        let step = journal.isOfEarlierRun(cause) ? SweepEvent.Step.resumed : .begin
        consequences.record(SweepEvent(cause: plan.cause, scope: plan.scope, step: step))
        apply(.latched, to: plan)
    }

    /// Ends the sweep of a cause that is no longer in force: nothing more is sent for it.
    private func end(_ cause: Cause) {
        guard let plan = sweeps.withLock({ $0[cause.record]?.plan }) else { return }
        let isGoingOn = sweeps.withLock { $0[plan.cause]?.core.phase != .ended }
        if isGoingOn { consequences.record(SweepEvent(cause: plan.cause, scope: plan.scope, step: .released)) }
        apply(.released, to: plan)
        sweeps.withLock { $0[cause.record] = nil }
        alerts.end(plan.episode)
    }

    /// Looks at what became of orders: one that has reached the venue is cancelled where a sweep covers it.
    private func follow(_ changes: [LedgerChange]) {
        let plans = sweeps.withLock { $0.values.filter { $0.core.phase != .ended }.map(\.plan) }
        guard !plans.isEmpty else { return }
        for change in changes where change.state == .acknowledged || change.state == .working {
            guard let entry = ledger.entry(change.clientID), !entry.order.status.isTerminal else { continue }
            for plan in plans.sorted(by: { $0.cause < $1.cause })
            where plan.covers(entry.order.symbol, strategy: entry.request.strategy) {
                // Alone it cannot be judged against what else protects: the next list does that.
                guard !plan.keepsProtective || !mayProtect(entry.order) else { continue }
                guard let target = entry.order.names.first else { continue }
                apply(
                    .appeared(
                        SweepOrder(
                            target: target, venueID: entry.order.venueID, symbol: entry.order.symbol, isKept: false)),
                    to: plan)
            }
        }
    }

    /// True while a cause restricts and its sweep goes on: what is sent for it may still be sent.
    func isInForce(_ plan: SweepPlan) -> Bool {
        gate.pauses.cause(plan.key)?.record == plan.cause
    }

    private func mayProtect(_ order: Order) -> Bool {
        if order.isReduceOnly { return true }
        guard let position = gate.exposure(of: order.symbol).position else { return false }
        return order.side == .sell ? position > 0 : position < 0
    }

    /// From when on a list shows all that was under way when the sweep began.
    func conclusiveFrom(of plan: SweepPlan) -> MonotonicInstant {
        sweeps.withLock { $0[plan.cause]?.core.conclusiveFrom } ?? .origin
    }

    /// Hands an event to a sweep, and does what follows.
    func apply(_ event: SweepCore.Event, to plan: SweepPlan) {
        let actions = sweeps.withLock { sweeps -> [SweepCore.Action] in
            guard var sweep = sweeps[plan.cause] else { return [] }
            defer { sweeps[plan.cause] = sweep }
            if case .cancelled(let target, .done) = event { sweep.cancelled.insert(target) }
            return sweep.core.handle(event)
        }
        for action in actions { perform(action, plan) }
    }

    private func perform(_ action: SweepCore.Action, _ plan: SweepPlan) {
        switch action {
        case .dropQueued: dropQueued(plan)
        case .list:
            courier.environment.spawner.spawn { [self] in
                guard let listing = await list(plan) else { return }
                let going = listing.orders.filter { !$0.isKept }.compactMap(\.venueID)
                consequences.record(
                    SweepEvent(cause: plan.cause, scope: plan.scope, step: .listed, orders: going.sorted()))
                apply(.listed(listing), to: plan)
            }
        case .cancel(let orders): cancel(orders, plan)
        case .pause(let round, let until):
            let wake = max(time.now.advanced(by: resolver.delay(afterTry: round)), until ?? .origin)
            courier.environment.spawner.spawn { [self] in
                do { try await time.sleep(until: wake) } catch { return }
                apply(.woken, to: plan)
            }
        case .end(let left): finish(plan, left)
        }
    }

    /// Takes back what waits to be sent and could open; whoever placed it hears of it at its turn.
    private func dropQueued(_ plan: SweepPlan) {
        for entry in ledger.active where entry.order.status == .prepared {
            guard plan.covers(entry.order.symbol, strategy: entry.request.strategy) else { continue }
            guard !plan.keepsProtective || !mayProtect(entry.order) else { continue }
            let withdrawn = ledger.apply(.withdrawn(as: .cancelled), to: entry.clientID)
            guard !withdrawn.isEmpty else { continue }
            gate.giveBack(entry.clientID)
            consequences.follow(withdrawn)
        }
    }

    private func finish(_ plan: SweepPlan, _ left: [SweepOrder]) {
        let cancelled = sweeps.withLock { $0[plan.cause]?.cancelled.count ?? 0 }
        if !left.isEmpty {
            let names = left.compactMap(\.venueID).sorted()
            consequences.record(SweepEvent(cause: plan.cause, scope: plan.scope, step: .residual, orders: names))
        }
        consequences.record(SweepEvent(cause: plan.cause, scope: plan.scope, step: .end))
        guard isInForce(plan) else { return }
        journal.noteSwept(plan)
        let stuck = left.filter { !$0.isKept }.map(\.target.description)
        let kept = left.filter(\.isKept).map(\.target.description)
        alerts.begin(
            plan.episode, code: "swept", severity: stuck.isEmpty ? .info : .critical,
            message: "\(plan.key): \(cancelled) orders cancelled, kept as protection: \(kept.listed), "
                + "not cancelled: \(stuck.listed)",
            // Not the cause itself: the sinks have heard of that in its own episode.
            causes: [plan.episode], scope: plan.scope.description)
    }
}

extension [String] {
    fileprivate var listed: String { isEmpty ? "none" : joined(separator: ", ") }
}
