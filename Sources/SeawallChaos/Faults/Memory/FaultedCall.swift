internal import SeawallBroker

/// A call with everything that tells it from others: a list's page and cursor, how much is asked for.
struct FaultedCall: Sendable {
    /// What an answer is kept under: calls of the same key ask for the same.
    struct Key: Hashable, Sendable {
        var operation: BrokerOperation
        var symbol: Symbol?
        var symbols: [Symbol]
        var targets: [OrderTarget]
        var page: PageCursor?
        var since: FillCursor?
        var extent: [Int64]
    }

    /// The call as everybody sees it.
    var call: BrokerCall
    /// The page of a list; nil for the first.
    var page: PageCursor?
    /// From where on fills are asked for.
    var since: FillCursor?
    /// What else the answer depends on: an interval, a number of rows.
    var extent: [Int64] = []

    var key: Key {
        Key(
            operation: call.operation, symbol: call.symbol, symbols: call.symbols, targets: call.targets, page: page,
            since: since, extent: extent)
    }
}
