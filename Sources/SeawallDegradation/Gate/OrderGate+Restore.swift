package import SeawallBroker
internal import SeawallTime

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

// What an earlier run of the process knew, before anything is decided in this one.
extension OrderGate {
    /// Brings back an order of which it is not proven that it never left: it counts with all that may still fill.
    ///
    /// What was filled by then is taken to be in the positions that are set after. What the gate cannot count has no
    /// bound.
    package func restore(_ intent: JournalledIntent) {
        let proven = intent.order.flatMap { $0.venueID != nil || $0.filled > 0 ? $0 : nil }
        let filled = max(0, intent.order?.filled.steps ?? 0)
        let total: Int128? =
            if let proven {
                proven.quantity.steps
            } else if case .base(let quantity) = intent.request.quantity {
                quantity.steps
            } else {
                nil
            }
        let phase: ExposureOrder.Phase =
            switch intent.order?.status {
            case .rejected: .givenBack
            case .filled, .cancelled, .expired: .ended
            case .prepared, .sent, .acknowledged, .unknown, .working, nil: .outstanding
            }
        let request = intent.request
        storage.step { core, _ in
            let origin = core.normalised(
                OrderOrigin(symbol: request.symbol, strategy: request.strategy, account: request.account))
            let order = ExposureOrder(
                origin: origin, symbol: request.symbol, side: request.side, phase: .outstanding, total: total,
                group: request.group, reported: filled)
            core.book.restore(order, as: .client(intent.clientID), phase: phase)
            if let venueID = intent.order?.venueID { core.book.link(venueID, to: intent.clientID) }
        }
    }

    /// Brings back an amend of which it is not proven what became of it: until it is settled the larger quantity counts.
    package func restore(_ amend: AmendRequest) -> AmendTicket {
        storage.step { core, _ in
            core.book.restore(
                AmendReservation(
                    order: core.book.target(of: amend.target), total: amend.quantity.map { $0.steps ?? .max },
                    changesPrice: amend.price != nil || amend.trigger != nil))
        }
    }
}

extension PauseController {
    /// Brings back causes of an earlier run under their records; those that time has ended are left out.
    package func restore(_ causes: [Cause]) -> [PermissionChange] {
        storage.step { core, now in causes.flatMap { core.permissions.restore($0, now: now) } }
    }

    /// A cause as it stands; nil where it has ended.
    package func cause(_ key: CauseKey) -> Cause? {
        storage.step { core, _ in core.permissions.causes[key] }
    }
}
