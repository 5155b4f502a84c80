/// One call to a venue as data: what wrappers of a broker (faults, guards, records) look at.
public struct BrokerCall: Sendable {
    /// The kind of call.
    public var operation: BrokerOperation

    /// The symbol it is about, where it is about one.
    public var symbol: Symbol?

    /// The symbols of a call about several.
    public var symbols: [Symbol]

    /// The orders it names.
    public var targets: [OrderTarget]

    /// The order to place or to preview.
    public var order: OrderRequest?

    /// The amend to make or to preview.
    public var amend: AmendRequest?

    /// Makes a description of a call.
    public init(
        _ operation: BrokerOperation, symbol: Symbol? = nil, symbols: [Symbol] = [], targets: [OrderTarget] = [],
        order: OrderRequest? = nil, amend: AmendRequest? = nil
    ) {
        self.operation = operation
        self.symbol = symbol
        self.symbols = symbols
        self.targets = targets
        self.order = order
        self.amend = amend
    }

    /// The side of the order to place, where there is one.
    public var side: Side? { order?.side }
}
