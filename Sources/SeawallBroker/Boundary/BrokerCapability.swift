/// Something that a venue may or may not have.
public struct BrokerCapability: BrokerIdentifier {
    /// The name of the capability.
    public var rawValue: String

    /// Makes a capability from its name.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Best prices of many symbols in one call.
    public static let manyTickers: BrokerCapability = "many_tickers"
    /// Candles.
    public static let candles: BrokerCapability = "candles"
    /// The book.
    public static let depth: BrokerCapability = "depth"
    /// Instrument rules.
    public static let rules: BrokerCapability = "rules"
    /// Past orders.
    public static let history: BrokerCapability = "history"
    /// Asking for an order by the client's id.
    public static let queryByClientID: BrokerCapability = "query_by_client_id"
    /// Cancelling an order by the client's id.
    public static let cancelByClientID: BrokerCapability = "cancel_by_client_id"
    /// Previews of orders.
    public static let preview: BrokerCapability = "preview"
    /// Previews of amends.
    public static let previewAmend: BrokerCapability = "preview_amend"
    /// Changing a working order.
    public static let amend: BrokerCapability = "amend"
    /// Cancelling several orders in one call.
    public static let cancelMany: BrokerCapability = "cancel_many"
    /// Cancelling all orders of a symbol in one call.
    public static let cancelAll: BrokerCapability = "cancel_all"
    /// A timer at the venue that cancels unless it is renewed.
    public static let deadManTimer: BrokerCapability = "dead_man_timer"
    /// Orders that the venue itself keeps from doing more than reduce.
    public static let reduceOnly: BrokerCapability = "reduce_only"
    /// Groups of orders of which one cancels the others.
    public static let linkedGroups: BrokerCapability = "linked_groups"
    /// Quantities in quote.
    public static let quoteQuantity: BrokerCapability = "quote_quantity"
    /// Fee rates.
    public static let fees: BrokerCapability = "fees"
    /// What the key may do.
    public static let permissions: BrokerCapability = "permissions"
    /// How much of the limits is used.
    public static let limits: BrokerCapability = "limits"
    /// What the venue takes.
    public static let status: BrokerCapability = "status"
    /// The venue's time.
    public static let serverTime: BrokerCapability = "server_time"
    /// A stream of the market.
    public static let marketStream: BrokerCapability = "market_stream"
    /// A stream of the account's own orders and fills.
    public static let userStream: BrokerCapability = "user_stream"

    /// Every capability that the library knows.
    public static let all: [BrokerCapability] = [
        manyTickers, candles, depth, rules, history, queryByClientID, cancelByClientID, preview, previewAmend, amend,
        cancelMany, cancelAll, deadManTimer, reduceOnly, linkedGroups, quoteQuantity, fees, permissions, limits, status,
        serverTime, marketStream, userStream,
    ]
}
