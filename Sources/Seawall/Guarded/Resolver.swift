internal import SeawallAlerts
internal import SeawallBackoff
internal import SeawallBroker
internal import SeawallDegradation
internal import SeawallRateLimit
internal import SeawallTime

/// Ends unknown outcomes by evidence: asks the venue for the order until it is found or proven absent.
///
/// Where the venue cannot be asked for an order by our own name, its complete lists are read instead.
///
/// "Not found" proves nothing while the request may still arrive or the order may still be invisible. From
/// `sent + receive window + visibility lag + clock margin` on it does, and even then it must be said several times.
final class Resolver: Sendable {
    /// What a question for one order came to.
    enum Answer: Sendable {
        case found(Order)
        case absent(askedAt: MonotonicInstant)
        case noAnswer
    }

    let courier: Courier
    let ledger: OrderLedger
    let evidence: Evidence
    let profile: VenueProfile
    let configuration: LayerConfiguration
    let fillCursors = FillCursors()
    private let gate: OrderGate
    private let alerts: AlertManager
    private let conclusiveAfter: Duration
    private let running = Lock(Set<ClientOrderID>())
    private let amending = Lock(Set<AmendTicket>())

    init(
        courier: Courier, ledger: OrderLedger, gate: OrderGate, evidence: Evidence, alerts: AlertManager,
        profile: VenueProfile,
        configuration: LayerConfiguration
    ) {
        self.courier = courier
        self.ledger = ledger
        self.gate = gate
        self.evidence = evidence
        self.alerts = alerts
        self.profile = profile
        self.configuration = configuration
        conclusiveAfter = profile.receiveWindow + profile.visibilityLag + configuration.clockMargin
    }

    /// The delay before the next try, after `tries` of them.
    func delay(afterTry tries: Int) -> Duration {
        configuration.resolveBackoff.delay(afterAttempt: tries, random: courier.environment.random.next())
    }

    /// Begins to resolve an order, unless that is going on already.
    func resolve(_ clientID: ClientOrderID) {
        let isNew = running.withLock { $0.insert(clientID).inserted }
        guard isNew else { return }
        courier.environment.spawner.spawn { [self] in
            await run(clientID)
            _ = running.withLock { $0.remove(clientID) }
        }
    }

    /// Asks for an amended order until it shows the new values, or can no longer take them.
    func resolve(_ amend: AmendRequest, _ ticket: AmendTicket) {
        let isNew = amending.withLock { $0.insert(ticket).inserted }
        guard isNew else { return }
        let conclusiveFrom = courier.environment.time.now.advanced(by: conclusiveAfter)
        courier.environment.spawner.spawn { [self] in
            await run(amend, ticket, conclusiveFrom)
            _ = amending.withLock { $0.remove(ticket) }
        }
    }

    /// Asks the venue once for an order, by whatever name it knows it by, and learns from the answer.
    func ask(_ target: OrderTarget, symbol: Symbol, origin: RequestContext.Origin) async -> Answer {
        switch (target, target.clientID ?? ledger.entry(target)?.clientID) {
        case (.client(let clientID), _) where !courier.broker.capabilities.contains(.queryByClientID):
            // An order that an amend has replaced has another name at the venue than the one we know.
            if !profile.amendReplaces, let venueID = ledger.entry(clientID)?.order.venueID {
                return await query(.venue(venueID), answering: target, symbol: symbol, origin: origin)
            }
            return await search(clientID, symbol: symbol, origin: origin)
        case (.venue, let clientID?) where profile.amendReplaces:
            if courier.broker.capabilities.contains(.queryByClientID) {
                return await query(.client(clientID), answering: target, symbol: symbol, origin: origin)
            }
            return await search(clientID, symbol: symbol, origin: origin)
        case (.client, _), (.venue, _):
            return await query(target, answering: target, symbol: symbol, origin: origin)
        }
    }

    private func query(
        _ named: OrderTarget, answering target: OrderTarget, symbol: Symbol, origin: RequestContext.Origin
    ) async -> Answer {
        let askedAt = Lock(MonotonicInstant.origin)
        var parcel = Parcel<Order>(
            BrokerCall(.query, symbol: symbol, targets: [named]), lane: .resolve, origin: origin,
            timeout: configuration.readTimeout
        ) { try await $0.order(named, symbol: symbol) }
        parcel.lastLook = { now in
            askedAt.withLock { $0 = now }
            return nil
        }
        parcel.settle = { [self] arrival in
            if case .answered(let order) = arrival { evidence.seen(order, answering: named) }
        }
        switch await courier.carry(parcel) {
        case .arrived(.answered(let order)): return .found(order)
        case .arrived(.failed(.noSuchOrder, _)): return .absent(askedAt: askedAt.withLock { $0 })
        case .arrived(.failed), .gaveUp, .refused: return .noAnswer
        }
    }

    private func run(_ clientID: ClientOrderID) async {
        guard let entry = ledger.entry(clientID), entry.order.status == .unknown else { return }
        let episode = "unknown:\(clientID)"
        alerts.begin(
            episode, code: "order_unknown", severity: .warning,
            message: "nothing proves what became of order \(clientID)", causes: [clientID.rawValue],
            scope: "symbol:\(entry.order.symbol)")
        defer { alerts.end(episode) }
        let conclusiveFrom = (entry.sentAt ?? courier.environment.time.now).advanced(by: conclusiveAfter)
        var absences = 0
        var tries = 0
        while ledger.entry(clientID)?.order.status == .unknown, !Task.isCancelled {
            tries += 1
            do { try await courier.environment.time.sleep(for: delay(afterTry: tries)) } catch { return }
            guard ledger.entry(clientID)?.order.status == .unknown else { return }
            let answer = await ask(
                .client(clientID), symbol: entry.order.symbol, origin: .library(episode: "resolve:\(clientID)"))
            guard case .absent(let askedAt) = answer, askedAt >= conclusiveFrom else { continue }
            absences += 1
            if absences >= configuration.absencesRequired { evidence.apply(.provenAbsent, to: clientID) }
        }
    }

    private func run(_ amend: AmendRequest, _ ticket: AmendTicket, _ conclusiveFrom: MonotonicInstant) async {
        var tries = 0
        var absences = 0
        while !Task.isCancelled {
            tries += 1
            do { try await courier.environment.time.sleep(for: delay(afterTry: tries)) } catch { return }
            // An order that has ended by other evidence can no longer take the amend.
            if ledger.entry(amend.target)?.order.status.isTerminal == true {
                return gate.settle(ticket, applied: false)
            }
            let askedAt = courier.environment.time.now
            let answer = await ask(
                amend.target, symbol: amend.symbol, origin: .library(episode: "resolve:\(amend.target)"))
            switch answer {
            case .found(let order):
                if amend.isShown(by: order) { return gate.settle(ticket, applied: true) }
                if order.status.isTerminal || askedAt >= conclusiveFrom { return gate.settle(ticket, applied: false) }
            case .absent(let askedAt):
                if askedAt >= conclusiveFrom { absences += 1 }
                if absences >= configuration.absencesRequired { return gate.settle(ticket, applied: false) }
            case .noAnswer:
                break
            }
        }
    }
}

extension OrderTarget {
    /// Our own name, where it is one.
    fileprivate var clientID: ClientOrderID? { if case .client(let id) = self { id } else { nil } }
}

extension AmendRequest {
    /// True where the order has every value that the amend asks for.
    fileprivate func isShown(by order: Order) -> Bool {
        (quantity ?? order.quantity) == order.quantity && (price ?? order.type.price) == order.type.price
            && (trigger ?? order.type.trigger) == order.type.trigger
    }
}
