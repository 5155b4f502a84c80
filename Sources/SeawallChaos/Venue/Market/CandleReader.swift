internal import SeawallBroker

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// Turns a source of candles into whole ticks and lots, or tells everything that is wrong with it.
struct CandleReader {
    let symbol: String
    let tick: DecimalSteps
    let lot: DecimalSteps

    /// How many bad candles one error names before it only counts them.
    private static let named = 10

    func source(of candles: CandleSource) throws -> PriceWalk.Source {
        switch candles.storage {
        case .recorded(let candles): .recorded(try recorded(candles))
        case .randomWalk(let start, let seed, let basisPoints, let volume):
            .random(try random(start: start, seed: seed, basisPoints: basisPoints, volume: volume))
        }
    }

    private func recorded(_ candles: [Candle]) throws -> [CandleSteps] {
        var problems: [String] = []
        var badCount = 0
        let steps = candles.enumerated().compactMap { index, candle in
            switch read(candle) {
            case .success(let steps):
                return steps
            case .failure(let fault):
                badCount += 1
                if badCount <= CandleReader.named { problems.append("\(symbol) candle \(index): \(fault.what)") }
                return CandleSteps?.none
            }
        }
        if badCount > CandleReader.named { problems.append("\(symbol): \(badCount) bad candles in all") }
        guard problems.isEmpty else { throw SimulatedVenueError(code: .invalidConfiguration, problems: problems) }
        return steps
    }

    private struct Fault: Error { var what: String }

    private func read(_ candle: Candle) -> Result<CandleSteps, Fault> {
        var prices: [Int64] = []
        for (name, number) in [
            ("open", candle.open), ("high", candle.high), ("low", candle.low), ("close", candle.close),
        ] {
            guard let steps = tick.truncating(number), steps >= 1, steps <= Int128(SimulatedMarket.mostSteps) else {
                return .failure(Fault(what: "\(name) \(number), at least one tick of \(tick.value(1)) is expected"))
            }
            prices.append(Int64(steps))
        }
        guard let volume = lot.truncating(candle.volume), volume >= 0, volume <= Int128(SimulatedMarket.mostSteps)
        else { return .failure(Fault(what: "volume \(candle.volume), 0 or more is expected")) }
        let steps = CandleSteps(
            open: prices[0], high: prices[1], low: prices[2], close: prices[3], volume: Int64(volume))
        guard steps.high >= max(steps.open, steps.close), steps.low <= min(steps.open, steps.close) else {
            return .failure(
                Fault(what: "high \(candle.high), low \(candle.low): open and close are expected between them"))
        }
        return .success(steps)
    }

    private func random(start: Decimal, seed: UInt64, basisPoints: Int, volume: Decimal) throws -> RandomCandles {
        var problems: [String] = []
        let first = tick.truncating(start) ?? 0
        if first < 2 || first > Int128(SimulatedMarket.mostSteps) {
            problems.append("\(symbol) walk start: \(start), at least two ticks of \(tick.value(1)) are expected")
        }
        if !(1...1_000).contains(basisPoints) {
            problems.append("\(symbol) walk basis points: \(basisPoints), 1 to 1000 are expected")
        }
        let most = lot.truncating(volume) ?? -1
        if most < 0 || most > Int128(SimulatedMarket.mostSteps) {
            problems.append("\(symbol) walk volume: \(volume), 0 or more is expected")
        }
        guard problems.isEmpty else { throw SimulatedVenueError(code: .invalidConfiguration, problems: problems) }
        return RandomCandles(
            seed: seed, symbol: symbol, start: Int64(first), basisPoints: Int64(basisPoints), volume: Int64(most))
    }
}
