public import SeawallTime

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// The best prices of a symbol at a moment.
public struct Ticker: Hashable, Codable, Sendable {
    /// The symbol.
    public var symbol: Symbol

    /// The best price somebody pays.
    public var bid: Decimal

    /// The best price somebody asks.
    public var ask: Decimal

    /// The price of the last trade.
    public var last: Decimal

    /// When, on the venue's clock; nil where the venue does not say, which is not the same as fresh.
    public var time: CivilInstant?

    /// Makes a ticker.
    public init(symbol: Symbol, bid: Decimal, ask: Decimal, last: Decimal, time: CivilInstant?) {
        self.symbol = symbol
        self.bid = bid
        self.ask = ask
        self.last = last
        self.time = time
    }
}
