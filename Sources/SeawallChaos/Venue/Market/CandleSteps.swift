/// A candle as whole ticks and lots.
struct CandleSteps: Hashable, Sendable {
    var open: Int64
    var high: Int64
    var low: Int64
    var close: Int64
    var volume: Int64

    /// How many prices a candle makes.
    static let points = 4

    /// The price at the sub-instant `point` of 0 to 3: open, the nearer end first, the other end, close.
    ///
    /// A candle that rose went down first, and one that fell went up first: the less kind order for a stop.
    func price(at point: Int) -> Int64 {
        let rose = close >= open
        return switch point {
        case 0: open
        case 1: rose ? low : high
        case 2: rose ? high : low
        default: close
        }
    }

    /// What the candle has shown up to and with `point`.
    func shown(through point: Int) -> CandleSteps {
        var shown = CandleSteps(open: open, high: open, low: open, close: open, volume: 0)
        for index in 0...max(0, min(point, CandleSteps.points - 1)) {
            let price = price(at: index)
            shown.high = max(shown.high, price)
            shown.low = min(shown.low, price)
            shown.close = price
            shown.volume += volume(at: index)
        }
        return shown
    }

    /// What trades at one point: a quarter of the volume, the rest of the division with the last.
    func volume(at point: Int) -> Int64 {
        let quarter = volume / Int64(CandleSteps.points)
        return point == CandleSteps.points - 1 ? volume - quarter * Int64(CandleSteps.points - 1) : quarter
    }
}
