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

    /// The order that it names.
    public var target: String?

    /// What it is about.
    public var symbol: Symbol?

    /// Which way.
    public var side: Side?

    /// How much.
    public var quantity: Decimal?

    /// What the bot claims.
    public var isReduceOnly: Bool

    /// The strategy.
    public var strategy: StrategyID?

    /// The account.
    public var account: AccountID?
}
