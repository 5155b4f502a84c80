import Seawall

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// One-minute candles as a file records them, without holes, and what was seen in reading them.
struct RecordedCandles: Sendable {
    /// A number and the line that it stands on.
    struct Extreme: Sendable {
        var value: Decimal
        var line: Int
    }

    /// One candle for every minute from the first to the last, oldest first.
    var candles: [Candle] = []

    /// How many minutes the file lacked: each holds the last close before it, and no volume.
    var filled = 0

    /// The most digits behind the point of any price, zeros at the end not counted.
    var priceDigits = 0

    /// The lowest price.
    var lowest: Extreme?

    /// The highest price.
    var highest: Extreme?

    /// The largest volume.
    var largest: Extreme?
}
