public import SeawallBroker
public import SeawallTime

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// The whole truth of a simulated venue at one instant, for judges and tests; a bot never sees it.
public struct VenueTruth: Sendable {
    /// What a purse holds and what changed it.
    public struct Wallet: Hashable, Sendable {
        /// What it began with.
        public var initial: Decimal

        /// What it holds.
        public var balance: Decimal

        /// What closed positions made or lost, without fees.
        public var realizedProfit: Decimal

        /// What trading cost.
        public var fees: Decimal
    }

    /// How often things happened.
    public struct Counts: Hashable, Sendable {
        /// Requests that arrived.
        public var requests = 0
        /// Orders that were taken.
        public var orders = 0
        /// Trades.
        public var fills = 0
        /// Requests refused for a limit.
        public var limited = 0
        /// Requests refused for a ban.
        public var banned = 0
    }

    /// When it was taken.
    public var time: MonotonicInstant

    /// Signed positions by symbol, in base; every symbol is there.
    public var positions: [Symbol: Decimal]

    /// The last price by symbol.
    public var prices: [Symbol: Decimal]

    /// Purses by asset.
    public var wallets: [Asset: Wallet]

    /// Orders that work, oldest first.
    public var workingOrders: [Order]

    /// Every order that was taken under a client order id, oldest first; more than one is a duplicate or a later use.
    public var ordersByClientID: [ClientOrderID: [Order]]

    /// How often things happened.
    public var counts: Counts
}
