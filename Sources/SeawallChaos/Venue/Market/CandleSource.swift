public import SeawallBroker

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Where the prices of a simulated market come from, one candle a minute.
public struct CandleSource: Sendable {
    enum Storage: Sendable {
        case recorded([Candle])
        case randomWalk(start: Decimal, seed: UInt64, basisPoints: Int, volume: Decimal)
    }

    let storage: Storage

    /// Recorded candles, oldest first, each of them one minute; after the last the price stays.
    ///
    /// Their open times are not looked at: the first begins when the venue begins, and there are no gaps.
    public static func recorded(_ candles: [Candle]) -> CandleSource {
        CandleSource(storage: .recorded(candles))
    }

    /// An endless walk of whole ticks, which depends on nothing but seed and symbol.
    ///
    /// - Parameters:
    ///   - start: The first price.
    ///   - seed: The seed of the walk; each symbol of one seed walks its own way.
    ///   - basisPoints: The furthest that the price moves in a minute, 1 to 1,000 hundredths of a percent. Default: 12.
    ///   - volume: The most that trades in a minute, in base; between half of it and all of it does. Default: 40.
    public static func randomWalk(
        start: Decimal, seed: UInt64, basisPoints: Int = 12, volume: Decimal = 40
    ) -> CandleSource {
        CandleSource(
            storage: .randomWalk(start: start, seed: seed, basisPoints: basisPoints, volume: volume))
    }
}
