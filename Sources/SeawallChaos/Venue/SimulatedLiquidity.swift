#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// How much trades at one price of a simulated market, on each side.
///
/// A candle's price changes four times a minute, and each time a quarter of its volume is there for buyers and as much
/// for sellers. Orders that want more fill in part.
public struct SimulatedLiquidity: Hashable, Sendable {
    /// The share of the candle's volume that the account can have, in percent, 0 to 1,000,000.
    ///
    /// Default: 100.
    public var volumePercent: Int

    /// How much there is in any case, in base.
    ///
    /// Default: 1.
    public var minimum: Decimal

    /// Makes a liquidity.
    public init(volumePercent: Int = 100, minimum: Decimal = 1) {
        self.volumePercent = volumePercent
        self.minimum = minimum
    }

    /// More than any order wants.
    public static let unlimited = SimulatedLiquidity(volumePercent: 0, minimum: Decimal(Int64.max))
}
