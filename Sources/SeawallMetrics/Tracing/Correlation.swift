/// What connects the spans and log events of one piece of work; carried by the task and by those it starts.
public struct Correlation: Hashable, Sendable {
    /// The id of the request or chain of requests.
    public var correlationID: String?

    /// The number of the trading cycle.
    public var cycle: Int?

    /// The symbol that is traded.
    public var symbol: String?

    /// The order that the work is about.
    public var orderID: String?

    /// Makes a correlation of what is known.
    public init(correlationID: String? = nil, cycle: Int? = nil, symbol: String? = nil, orderID: String? = nil) {
        self.correlationID = correlationID
        self.cycle = cycle
        self.symbol = symbol
        self.orderID = orderID
    }

    /// What the present task carries.
    @TaskLocal public static var current = Correlation()

    /// Does something with more known: what is nil here stays as the task carries it.
    public static func with<Result>(_ added: Correlation, _ body: () throws -> Result) rethrows -> Result {
        try $current.withValue(current.adding(added), operation: body)
    }

    /// Does something that waits with more known: what is nil here stays as the task carries it.
    public static func with<Result>(_ added: Correlation, _ body: () async throws -> Result) async rethrows -> Result {
        try await $current.withValue(current.adding(added), operation: body)
    }

    func adding(_ other: Correlation) -> Correlation {
        Correlation(
            correlationID: other.correlationID ?? correlationID, cycle: other.cycle ?? cycle,
            symbol: other.symbol ?? symbol, orderID: other.orderID ?? orderID)
    }

    /// What is known, under the names that spans and log events give it.
    public var attributes: [String: TraceValue] {
        var attributes: [String: TraceValue] = [:]
        attributes["correlation_id"] = correlationID.map { .text($0) }
        attributes["cycle"] = cycle.map { .whole($0) }
        attributes["symbol"] = symbol.map { .text($0) }
        attributes["order_id"] = orderID.map { .text($0) }
        return attributes
    }
}
