internal import SeawallBroker
internal import SeawallTime

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// Something that the ledger learns about one order.
enum LedgerEvent: Sendable {
    /// It is handed over to the venue.
    case sent(at: MonotonicInstant)
    /// It will not be handed over: cancelled, or too late, before it was sent.
    case withdrawn(as: OrderStatus)
    /// The venue answered that it took it.
    case acknowledged(Order)
    /// The venue answered that it refuses it.
    case refused
    /// No answer came, or none that proves anything.
    case gaveUp
    /// A query, a list or a stream showed it.
    case seen(Order)
    /// A new leg took the place of the one that was known, read as the order: whatever its end was, it lives on.
    case replaced(Order)
    /// An amend of it ended, whatever became of it.
    case amendEnded
    /// Its fills add up to this much.
    case filled(Decimal)
    /// Proof that it never arrived and never will.
    case provenAbsent
}
