#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// What a venue asks of orders for a symbol.
public struct InstrumentRules: Hashable, Codable, Sendable {
    /// Whether a symbol is traded.
    public enum Status: String, Codable, Sendable {
        /// Orders are taken.
        case trading
        /// Orders are not taken; those that rest may be cancelled.
        case cancelOnly = "cancel_only"
        /// Nothing is taken.
        case halted
    }

    /// The symbol.
    public var symbol: Symbol

    /// Prices are multiples of this.
    public var tick: Decimal

    /// Quantities are multiples of this.
    public var lot: Decimal

    /// The smallest quantity of an order.
    public var minimumQuantity: Decimal

    /// The smallest value of an order, price times quantity, in quote; orders that only reduce are often exempt.
    public var minimumNotional: Decimal

    /// The currency traded.
    public var base: Asset

    /// The currency paid with.
    public var quote: Asset

    /// Whether it is traded.
    public var status: Status

    /// Makes rules.
    public init(
        symbol: Symbol, tick: Decimal, lot: Decimal, minimumQuantity: Decimal, minimumNotional: Decimal, base: Asset,
        quote: Asset, status: Status = .trading
    ) {
        self.symbol = symbol
        self.tick = tick
        self.lot = lot
        self.minimumQuantity = minimumQuantity
        self.minimumNotional = minimumNotional
        self.base = base
        self.quote = quote
        self.status = status
    }
}
