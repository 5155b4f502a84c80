#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// What trading a symbol costs, as shares of the amount traded.
public struct FeeRates: Hashable, Codable, Sendable {
    /// The share for an order that rested; negative for a rebate.
    public var maker: Decimal

    /// The share for an order that took.
    public var taker: Decimal

    /// Makes rates.
    public init(maker: Decimal, taker: Decimal) {
        self.maker = maker
        self.taker = taker
    }
}
