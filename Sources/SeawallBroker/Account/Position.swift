#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// What the account holds of a symbol, netted.
public struct Position: Hashable, Codable, Sendable {
    /// The symbol.
    public var symbol: Symbol

    /// Signed quantity in base: above zero long, below zero short.
    public var quantity: Decimal

    /// The average price it was opened at, where the venue says.
    public var entryPrice: Decimal?

    /// Makes a position.
    public init(symbol: Symbol, quantity: Decimal, entryPrice: Decimal? = nil) {
        self.symbol = symbol
        self.quantity = quantity
        self.entryPrice = entryPrice
    }
}
