public import SeawallTime

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Prices of one interval.
public struct Candle: Hashable, Codable, Sendable {
    /// When the interval began.
    public var openTime: CivilInstant

    /// The first price.
    public var open: Decimal

    /// The highest price.
    public var high: Decimal

    /// The lowest price.
    public var low: Decimal

    /// The last price.
    public var close: Decimal

    /// How much was traded, in base.
    public var volume: Decimal

    /// Makes a candle.
    public init(
        openTime: CivilInstant, open: Decimal, high: Decimal, low: Decimal, close: Decimal, volume: Decimal
    ) {
        self.openTime = openTime
        self.open = open
        self.high = high
        self.low = low
        self.close = close
        self.volume = volume
    }
}
