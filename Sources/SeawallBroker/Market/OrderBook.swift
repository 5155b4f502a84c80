public import SeawallTime

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// What rests at a venue around the price, best first.
public struct OrderBook: Hashable, Codable, Sendable {
    /// A price and how much rests there.
    public struct Level: Hashable, Codable, Sendable {
        /// The price.
        public var price: Decimal

        /// How much rests there, in base.
        public var quantity: Decimal

        /// Makes a level.
        public init(price: Decimal, quantity: Decimal) {
            self.price = price
            self.quantity = quantity
        }
    }

    /// The symbol.
    public var symbol: Symbol

    /// What is paid, highest first.
    public var bids: [Level]

    /// What is asked, lowest first.
    public var asks: [Level]

    /// The number of the last change it contains, where the venue numbers them.
    public var lastUpdateID: Int64?

    /// When, on the venue's clock.
    public var time: CivilInstant?

    /// Makes a book.
    public init(
        symbol: Symbol, bids: [Level], asks: [Level], lastUpdateID: Int64? = nil, time: CivilInstant? = nil
    ) {
        self.symbol = symbol
        self.bids = bids
        self.asks = asks
        self.lastUpdateID = lastUpdateID
        self.time = time
    }
}
