internal import SeawallBroker
internal import SeawallDegradation

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// What the ledger made of news of a leg, for the exposure book to learn the same.
struct LegNews: Sendable {
    /// The snapshot as one of the whole order; nil where there was none.
    var told: Order?

    /// True where it disproves an end of the order.
    var reopens = false

    /// The amends that are known now to have made a leg.
    var made: [AmendTicket] = []

    /// The amends that are over with it: no leg that they should have cancelled is in doubt.
    var ended: [AmendTicket] = []

    /// What may still fill beside the whole quantity.
    var beside: Decimal = 0

    /// True where a leg beside the newest one has to be asked for.
    var hasDoubt = false

    /// True where it shows what those amends asked for.
    var isSure = false

    /// What changed in the ledger.
    var changes: [LedgerChange] = []
}
