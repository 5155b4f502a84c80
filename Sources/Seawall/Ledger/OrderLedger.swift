internal import SeawallBroker
internal import SeawallDegradation
internal import SeawallTime

/// The shell of the order ledger: the core behind a lock.
///
/// Every change is returned to the caller, who records it.
final class OrderLedger: Sendable {
    /// How many orders it knows.
    struct Counts: Hashable, Sendable {
        /// Those that have not ended.
        var active: Int
        /// Those that have ended and are remembered.
        var ended: Int
        /// Those of which nothing proves what became of them.
        var unknown: Int
    }

    private let core: Lock<OrderLedgerCore>

    init(capacity: Int) {
        core = Lock(OrderLedgerCore(capacity: capacity))
    }

    func open(_ request: OrderRequest, intent: IntentID, clientID: ClientOrderID) -> OrderLedgerCore.Opening {
        core.withLock { $0.open(request, intent: intent, clientID: clientID) }
    }

    func restore(_ entries: [LedgerEntry]) -> [LedgerChange] {
        core.withLock { core in entries.flatMap { core.restore($0) } }
    }

    func apply(_ event: LedgerEvent, to clientID: ClientOrderID) -> [LedgerChange] {
        core.withLock { $0.apply(event, to: clientID) }
    }

    func send(
        _ clientID: ClientOrderID, at now: MonotonicInstant, within limits: OpenOrderLimits
    ) -> OrderLedgerCore.Sending {
        core.withLock { $0.send(clientID, at: now, within: limits) }
    }

    func read(
        _ snapshot: Order, isAnswer: Bool, confirming ticket: AmendTicket?, of clientID: ClientOrderID
    ) -> LegNews? {
        core.withLock { $0.read(snapshot, isAnswer: isAnswer, confirming: ticket, of: clientID) }
    }

    func forget(_ leg: VenueOrderID, of clientID: ClientOrderID) -> LegNews? {
        core.withLock { $0.forget(leg, of: clientID) }
    }

    func openAmend(_ request: AmendRequest, as ticket: AmendTicket, of clientID: ClientOrderID) -> OrderLegs.Opening {
        core.withLock { $0.openAmend(request, as: ticket, of: clientID) }
    }

    func inheritAmend(
        _ request: AmendRequest, as ticket: AmendTicket, leg: JournalledLeg?, of clientID: ClientOrderID
    ) -> LegNews? {
        core.withLock { $0.inheritAmend(request, as: ticket, leg: leg, of: clientID) }
    }

    func endAmend(
        _ ticket: AmendTicket, of clientID: ClientOrderID, isProven: Bool, isAnswered: Bool
    ) -> LegNews? {
        core.withLock { $0.endAmend(ticket, of: clientID, isProven: isProven, isAnswered: isAnswered) }
    }

    func prepared(_ clientID: ClientOrderID) -> [LedgerChange] { core.withLock { $0.prepared(clientID) } }

    func discard(_ clientID: ClientOrderID) { core.withLock { $0.discard(clientID) } }

    func entry(_ clientID: ClientOrderID) -> LedgerEntry? { core.withLock { $0.entry(clientID) } }

    func entry(_ target: OrderTarget) -> LedgerEntry? { core.withLock { $0.entry(target) } }

    func entry(intent: IntentID) -> LedgerEntry? { core.withLock { $0.entry(intent: intent) } }

    var live: [LedgerEntry] { core.withLock { $0.live } }

    var active: [LedgerEntry] { core.withLock { $0.active } }

    var counts: Counts { core.withLock { $0.counts } }
}
