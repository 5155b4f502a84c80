/// A part of a bot's work that is timed; any name will do.
public struct Phase: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral {
    /// The value of the label `phase`.
    public let rawValue: String

    /// Makes a phase of a name; few names, not one for each order.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Makes a phase of a name.
    public init(stringLiteral name: String) { rawValue = name }

    /// Asking the venue for positions.
    public static let fetchPositions = Phase(rawValue: "fetch_positions")

    /// Asking for balances and working out equity.
    public static let equityComputation = Phase(rawValue: "equity_computation")

    /// What the strategy decides.
    public static let strategyDecision = Phase(rawValue: "strategy_decision")

    /// Checking and submitting orders.
    public static let orderPlacement = Phase(rawValue: "order_placement")

    /// The whole stack of guards before an order.
    public static let preTradeValidation = Phase(rawValue: "pre_trade_validation")

    /// The phases of a common trading cycle, in their order.
    public static let tradingCycle: [Phase] = [
        fetchPositions, equityComputation, strategyDecision, orderPlacement, preTradeValidation,
    ]
}
