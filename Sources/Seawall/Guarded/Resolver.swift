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
/// `sent + receive window + visibility lag + clock margin` on it does, and even then it must be said several times. The
/// margin is at least the venue's clock lead: a request signed so far ahead stays acceptable for that much longer.
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
    private let alerts: AlertManager
    let conclusiveAfter: Duration
    private let running = Lock(Set<ClientOrderID>())
    private let amending = Lock(Set<AmendTicket>())
    let searchingLegs = Lock(Set<ClientOrderID>())

    init(
        courier: Courier, ledger: OrderLedger, evidence: Evidence, alerts: AlertManager, profile: VenueProfile,
        configuration: LayerConfiguration
    ) {
        self.courier = courier
        self.ledger = ledger
        self.evidence = evidence
        self.alerts = alerts
        self.profile = profile
        self.configuration = configuration
        conclusiveAfter = configuration.conclusiveAfter(at: profile)
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
        if let named = name(forAsking: target) { return await query(named, symbol: symbol, origin: origin) }
        guard let clientID = target.clientID ?? ledger.entry(target)?.clientID else { return .noAnswer }
        return await search(clientID, symbol: symbol, origin: origin)
    }

    /// The name by which the venue can be asked for an order; nil where its lists have to be searched.
    func name(forAsking target: OrderTarget) -> OrderTarget? {
        let takesClientIDs = courier.broker.capabilities.contains(.queryByClientID)
        switch target {
        case .client where takesClientIDs:
            return target
        case .client:
            // An order that an amend has replaced has another name at the venue than the one we know.
            return profile.amendReplaces ? nil : ledger.entry(target)?.order.venueID.map(OrderTarget.venue)
        case .venue:
            guard profile.amendReplaces, let clientID = ledger.entry(target)?.clientID else { return target }
            return takesClientIDs ? .client(clientID) : nil
        }
    }

    /// Asks the venue once for an order by the name given.
    func query(_ named: OrderTarget, symbol: Symbol, origin: RequestContext.Origin) async -> Answer {
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
            if let entry = ledger.entry(amend.target) {
                if profile.amendReplaces, !entry.legs.isInFlight(ticket) { return }
                // An order that has ended by other evidence can no longer take the amend.
                if entry.order.status.isTerminal { return evidence.settle(ticket, of: amend.target, applied: false) }
            }
            let askedAt = courier.environment.time.now
            let answer = await ask(
                amend.target, symbol: amend.symbol, origin: .library(episode: "resolve:\(amend.target)"))
            switch answer {
            case .found(let answered):
                let isConclusive = askedAt >= conclusiveFrom
                let entry = profile.amendReplaces ? ledger.entry(amend.target) : nil
                // A leg that the amend has made has ended it; that one is cancelled says nothing of the next before then.
                if let entry, !entry.legs.isInFlight(ticket) { return }
                let order = entry?.order ?? answered
                let isShown = amend.isShown(by: order)
                if isShown || order.status.isTerminal || isConclusive {
                    return evidence.settle(ticket, of: amend.target, applied: isShown, isProven: isConclusive)
                }
            case .absent(let askedAt):
                if askedAt >= conclusiveFrom { absences += 1 }
                if absences >= configuration.absencesRequired {
                    return evidence.settle(ticket, of: amend.target, applied: false, isProven: true)
                }
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
