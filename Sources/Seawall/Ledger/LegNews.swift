internal import SeawallBroker
internal import SeawallDegradation

/// What the ledger made of news of a leg, for the exposure book to learn the same.
struct LegNews: Sendable {
    /// The snapshot as one of the whole order; nil where there was none.
    var told: Order?

    /// True where it disproves an end of the order.
    var reopens = false

    /// The amends that it ended.
    var made: [AmendTicket] = []

    /// True where it shows what those amends asked for.
    var isSure = false

    /// What changed in the ledger.
    var changes: [LedgerChange] = []
}
