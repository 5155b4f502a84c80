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
    private let ledger: OrderLedger
    private let gate: OrderGate
    private let consequences: Consequences
    private let journal: LayerJournal
    private let metrics: LayerMetrics

    init(
        ledger: OrderLedger, gate: OrderGate, consequences: Consequences, journal: LayerJournal, metrics: LayerMetrics
    ) {
        self.journal = journal
        self.metrics = metrics
        self.ledger = ledger
        self.gate = gate
        self.consequences = consequences
    }

    /// The venue's own answer to an order that was placed.
    func acknowledged(_ order: Order, as clientID: ClientOrderID) {
        var named = order
        named.clientID = clientID
        count(named)
        follow(ledger.apply(.acknowledged(named), to: clientID))
    }

    /// An order that answers a question for `target`; what the answer does not name is the target's.
    func seen(_ order: Order, answering target: OrderTarget) {
        var named = order
        switch target {
        case .client(let id): named.clientID = order.clientID ?? id
        case .venue(let id): named.venueID = order.venueID ?? id
        }
        seen(named)
    }

    /// An order as the venue shows it; one that is not ours counts in the exposure all the same.
    func seen(_ order: Order) {
        count(order)
        guard let clientID = clientID(of: order.clientID, order.venueID) else { return }
        follow(ledger.apply(.seen(order), to: clientID))
    }

    /// One trade; the same trade counts once, however often and by whatever way it comes.
    func filled(_ fill: Fill) {
        let clientID = clientID(of: fill.clientID, fill.venueID)
        let total: Decimal?
        do { total = try gate.apply(fill).filled } catch { return metrics.unreadable(.fills) }
        guard let clientID, let total else { return }
        follow(ledger.apply(.filled(total), to: clientID))
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
    }

    /// An amend came to its end: it became true, or proof came that it never will.
    func settle(_ amend: AmendTicket, applied: Bool) {
        gate.settle(amend, applied: applied)
        journal.settled(amend)
    }

    private func follow(_ changes: [LedgerChange]) {
        guard !changes.isEmpty else { return }
        consequences.follow(changes)
        metrics.unknown(ledger.unknownCount)
    }

    private func count(_ order: Order) {
        do { try gate.apply(order) } catch { metrics.unreadable(.query) }
    }

    private func clientID(of clientID: ClientOrderID?, _ venueID: VenueOrderID?) -> ClientOrderID? {
        if let clientID, ledger.entry(clientID) != nil { return clientID }
        return venueID.flatMap { ledger.entry(.venue($0))?.clientID }
    }
}
