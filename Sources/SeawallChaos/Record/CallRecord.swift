public import Seawall

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// The bot asks the guarded broker for something.
public struct CallRecord: Sendable {
    /// The call's name, never used again.
    public var id: String

    /// What it asks for.
    public var operation: BrokerOperation

    /// The bot's own name for the order that it wants.
    public var intent: IntentID?

    /// The orders that it names, by either id.
    public var targets: [String] = []

    /// What it is about.
    public var symbol: Symbol?

    /// Which way.
    public var side: Side?

    /// How much.
    public var quantity: Decimal?

    /// True where the quantity is counted in quote.
    public var isInQuote = false

    /// What the bot claims.
    public var isReduceOnly = false

    /// The strategy.
    public var strategy: StrategyID?

    /// The account.
    public var account: AccountID?
}
