internal import SeawallTime

/// An endless random walk in whole ticks: every minute opens where the last one closed.
struct RandomCandles: Sendable {
    private var generator: SeededGenerator
    private var last: Int64
    private let basisPoints: Int64
    private let volume: Int64

    init(seed: UInt64, symbol: String, start: Int64, basisPoints: Int64, volume: Int64) {
        generator = SeededGenerator(seed: seed, stream: "candles." + symbol)
        last = start
        self.basisPoints = basisPoints
        self.volume = volume
    }

    mutating func next() -> CandleSteps {
        let open = last
        let reach = max(1, open / 10_000 * basisPoints + open % 10_000 * basisPoints / 10_000)
        // Four draws a minute whatever they give, so that no price shifts the draws after it.
        let close = clamped(open - reach + draw(upTo: 2 * reach))
        let high = clamped(max(open, close) + draw(upTo: reach / 2))
        let low = clamped(min(open, close) - draw(upTo: reach / 2))
        let traded = volume - draw(upTo: volume / 2)
        last = close
        return CandleSteps(open: open, high: high, low: low, close: close, volume: traded)
    }

    private mutating func draw(upTo most: Int64) -> Int64 {
        Int64(clamping: generator.below(UInt64(clamping: most) + 1))
    }

    /// A price stays two ticks above nothing, so that there is always a bid, and below what an order may say.
    private func clamped(_ price: Int64) -> Int64 {
        min(max(price, 2), SimulatedMarket.mostSteps)
    }
}
