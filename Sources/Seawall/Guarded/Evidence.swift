internal import SeawallBroker
internal import SeawallDegradation
internal import SeawallTime

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// Where everything that is learnt of orders comes together: answers, questions, lists and streams, late or twice.
///
/// The gate's exposure book and the ledger learn the same, in one place, so that they cannot disagree.
final class Evidence: Sendable {
    private struct Listeners: Sendable {
        var doubt: (@Sendable (ClientOrderID) -> Void)?
    }

    private let ledger: OrderLedger
    private let gate: OrderGate
    private let consequences: Consequences
    private let journal: LayerJournal
    private let metrics: LayerMetrics
    private let releases: FillReleases?
    /// True where an order's snapshots are those of its legs.
    private let amendsReplace: Bool
    /// Held while ledger and gate learn of a leg, so that both learn of several in the same order.
    private let legs = Lock(())
    private let listeners = Lock(Listeners())

    init(
        ledger: OrderLedger, gate: OrderGate, consequences: Consequences, journal: LayerJournal, metrics: LayerMetrics,
        releases: FillReleases?, profile: VenueProfile
    ) {
        self.releases = releases
        amendsReplace = profile.amendReplaces
        self.journal = journal
        self.metrics = metrics
        self.ledger = ledger
        self.gate = gate
        self.consequences = consequences
    }

    /// Has `action` run with each order of which a leg beside the newest one has to be asked for.
    func onDoubt(_ action: @escaping @Sendable (ClientOrderID) -> Void) {
        listeners.withLock { $0.doubt = action }
    }

    /// The venue's own answer to an order that was placed.
    func acknowledged(_ order: Order, as clientID: ClientOrderID) {
        var named = order
        named.clientID = clientID
        if amendsReplace { return read(named, of: clientID, isAnswer: true) }
        count(named)
        follow(ledger.apply(.acknowledged(named), to: clientID))
        noteFill(of: clientID)
    }

    /// An order that answers a question for `target`; what the answer does not name is the target's.
    ///
    /// Where it answers an amend, `ticket` names that.
    func seen(_ order: Order, answering target: OrderTarget, confirming ticket: AmendTicket? = nil) {
        var named = order
        switch target {
        case .client(let id): named.clientID = order.clientID ?? id
        case .venue(let id): named.venueID = order.venueID ?? id
        }
        seen(named, as: amendsReplace ? ledger.entry(target)?.clientID : nil, isAnswer: true, confirming: ticket)
    }

    /// An order as the venue shows it; one that is not ours counts in the exposure all the same.
    func seen(_ order: Order) { seen(order, as: nil, isAnswer: false) }

    private func seen(
        _ order: Order, as target: ClientOrderID?, isAnswer: Bool, confirming ticket: AmendTicket? = nil
    ) {
        let clientID = clientID(of: order.clientID, order.venueID) ?? target
        if amendsReplace, let clientID {
            return read(order, of: clientID, isAnswer: isAnswer, confirming: ticket)
        }
        count(order)
        guard let clientID else { return }
        follow(ledger.apply(.seen(order), to: clientID))
        noteFill(of: clientID)
    }

    /// One trade; the same trade counts once, however often and by whatever way it comes.
    func filled(_ fill: Fill) {
        let clientID = clientID(of: fill.clientID, fill.venueID)
        let total: Decimal?
        do { total = try gate.apply(fill).filled } catch { return metrics.unreadable(.fills) }
        guard let clientID, let total else { return }
        follow(ledger.apply(.filled(total), to: clientID))
        noteFill(of: clientID)
    }

    /// One trade from a list that may begin anywhere: it counts if its order is ours and has not ended.
    ///
    /// The exposure book forgets the fills of orders that ended long ago, and would count them again.
    func filledAgain(_ fill: Fill) {
        guard let clientID = clientID(of: fill.clientID, fill.venueID),
            ledger.entry(clientID)?.order.status.isTerminal == false
        else { return }
        filled(fill)
    }

    /// Something that is not an order's snapshot.
    func apply(_ event: LedgerEvent, to clientID: ClientOrderID) {
        let changes = ledger.apply(event, to: clientID)
        if changes.contains(where: { $0.state == .rejected }) { gate.giveBack(clientID) }
        follow(changes)
        noteFill(of: clientID)
    }

    /// An amend of `target` is about to be sent; says how, at a venue whose amends replace.
    ///
    /// Nil where it goes as it is.
    func open(_ amend: AmendRequest, as ticket: AmendTicket) -> OrderLegs.Opening? {
        guard amendsReplace, let clientID = ledger.entry(amend.target)?.clientID else { return nil }
        releases?.amends(clientID)
        return legs.withLock { _ in
            let opening = ledger.openAmend(amend, as: ticket, of: clientID)
            gate.count(beside: ledger.entry(clientID)?.legs.beside ?? 0, of: clientID)
            return opening
        }
    }

    /// An amend of an earlier run may still become true, in whole or in part.
    func inherit(_ amend: JournalledAmend, as ticket: AmendTicket) {
        guard amendsReplace, let clientID = ledger.entry(amend.request.target)?.clientID else { return }
        _ = change(clientID) { ledger.inheritAmend(amend.request, as: ticket, leg: amend.leg, of: clientID) }
    }

    /// An amend came to its end: it became true, or proof came that it never will.
    ///
    /// `isProven` where the venue can show no order of it that is not known by now; `isAnswered` where its own answer says
    /// that it was done.
    func settle(
        _ ticket: AmendTicket, of target: OrderTarget, applied: Bool, isProven: Bool = false, isAnswered: Bool = false
    ) {
        guard amendsReplace, let clientID = ledger.entry(target)?.clientID else {
            gate.settle(ticket, applied: applied)
            return journal.settled(ticket)
        }
        let news = change(clientID) {
            gate.settle(ticket, applied: applied)
            return ledger.endAmend(ticket, of: clientID, isProven: isProven, isAnswered: isAnswered)
        }
        if let news { follow(news) } else { journal.settled(ticket) }
    }

    /// A leg beside the newest one is proven to be gone.
    func gone(_ leg: VenueOrderID, of clientID: ClientOrderID) {
        let news = change(clientID) { ledger.forget(leg, of: clientID) }
        if let news { follow(news) }
    }

    /// Learns from a snapshot of a leg.
    private func read(
        _ order: Order, of clientID: ClientOrderID, isAnswer: Bool, confirming ticket: AmendTicket? = nil
    ) {
        guard OrderLegs.isReadable(order) else { return metrics.unreadable(.query) }
        let news = change(clientID) { ledger.read(order, isAnswer: isAnswer, confirming: ticket, of: clientID) }
        guard let news else { return }
        follow(news)
        noteFill(of: clientID)
        if news.hasDoubt { listeners.withLock { $0 }.doubt?(clientID) }
    }

    /// Has the ledger learn of an order's legs, and the gate with it.
    ///
    /// What the gate could not count is told after the lock: whoever takes log events may call back.
    private func change(_ clientID: ClientOrderID, _ learn: () -> LegNews?) -> LegNews? {
        let (news, isReadable) = legs.withLock { _ in
            let news = learn()
            return (news, news.map { count($0, of: clientID) } ?? true)
        }
        if !isReadable { metrics.unreadable(.query) }
        return news
    }

    /// Has the gate learn of legs; until it knows all, what counted before counts too.
    ///
    /// False where it could not count a snapshot.
    private func count(_ news: LegNews, of clientID: ClientOrderID) -> Bool {
        var isReadable = true
        gate.count(beside: news.beside, of: clientID, raisesOnly: true)
        if let told = news.told { isReadable = isCounted(told, reopens: news.reopens) }
        for ticket in news.made { gate.settle(ticket, applied: news.isSure) }
        // What the old leg has filled since is more than the amend asked for.
        if !news.made.isEmpty, let told = news.told { isReadable = isCounted(told) && isReadable }
        gate.count(beside: news.beside, of: clientID)
        return isReadable
    }

    private func follow(_ news: LegNews) {
        follow(news.changes)
        for ticket in news.ended { journal.settled(ticket) }
    }

    private func follow(_ changes: [LedgerChange]) {
        guard !changes.isEmpty else { return }
        consequences.follow(changes)
    }

    /// Where the venue counts no order that has begun to fill, neither does the limiter.
    private func noteFill(of clientID: ClientOrderID) {
        guard let releases, let order = ledger.entry(clientID)?.order else { return }
        releases.follow(order, clientID)
    }

    private func count(_ order: Order) {
        if !isCounted(order) { metrics.unreadable(.query) }
    }

    /// Has the gate learn of a snapshot; false where it could not count it.
    private func isCounted(_ order: Order, reopens: Bool = false) -> Bool {
        do { try gate.apply(order, reopens: reopens) } catch { return false }
        return true
    }

    private func clientID(of clientID: ClientOrderID?, _ venueID: VenueOrderID?) -> ClientOrderID? {
        if let clientID, ledger.entry(clientID) != nil { return clientID }
        return venueID.flatMap { ledger.entry(.venue($0))?.clientID }
    }
}
