internal import SeawallTime

/// The way of one market's price through its candles, four points a minute.
struct PriceWalk: Sendable {
    enum Source: Sendable {
        case recorded([CandleSteps])
        case random(RandomCandles)
    }

    /// How many minutes the walk remembers for those who ask for candles: a week.
    static let memory = 10_080

    private var source: Source
    private var past: [CandleSteps] = []
    private var firstPast = 0

    /// The number of the minute that the walk is in, from 0.
    private(set) var minute = 0
    /// The point of that minute, 0 to 3.
    private(set) var point = 0
    private(set) var candle: CandleSteps
    /// True once a recorded walk has shown its last price.
    private(set) var hasEnded = false

    /// Makes a walk that stands at its first point; nil where there is no candle.
    init?(_ source: Source) {
        self.source = source
        guard let first = PriceWalk.take(0, from: &self.source) else { return nil }
        candle = first
    }

    var price: Int64 { candle.price(at: hasEnded ? CandleSteps.points - 1 : point) }

    /// What trades at the present point, in lots.
    var volume: Int64 { candle.volume(at: point) }

    /// The number of the present point, from 0; it goes on after the last candle.
    private(set) var step = 0

    /// Walks on to the point of that number; a point that is past does nothing.
    mutating func move(to target: Int) {
        guard target > step else { return }
        step = target
        if hasEnded { return }
        let targetMinute = target / CandleSteps.points
        while minute < targetMinute {
            guard let next = PriceWalk.take(minute + 1, from: &source) else {
                hasEnded = true
                point = CandleSteps.points - 1
                return
            }
            remember(candle)
            candle = next
            minute += 1
        }
        point = target % CandleSteps.points
    }

    /// How many minutes the walk has, or nil where it is endless.
    var length: Int? {
        switch source {
        case .recorded(let candles): candles.count
        case .random: nil
        }
    }

    /// The minutes from `first` up to the present, the present one as far as it has shown itself.
    func candles(from first: Int) -> (first: Int, candles: [CandleSteps]) {
        let begin = max(first, firstPast)
        let done = begin < firstPast + past.count ? Array(past[(begin - firstPast)...]) : []
        return (min(begin, minute), done + [hasEnded ? candle : candle.shown(through: point)])
    }

    private mutating func remember(_ candle: CandleSteps) {
        past.append(candle)
        // Trimmed in large pieces, so that a walk of years costs the same a minute.
        if past.count >= 2 * PriceWalk.memory {
            past.removeFirst(PriceWalk.memory)
            firstPast += PriceWalk.memory
        }
    }

    private static func take(_ index: Int, from source: inout Source) -> CandleSteps? {
        switch source {
        case .recorded(let candles):
            return index < candles.count ? candles[index] : nil
        case .random(var walk):
            let candle = walk.next()
            source = .random(walk)
            return candle
        }
    }
}
