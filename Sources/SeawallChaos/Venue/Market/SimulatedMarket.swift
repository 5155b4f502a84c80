public import SeawallBroker

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// One instrument of a simulated venue: what it asks of orders, and where its prices come from.
///
/// Numbers are checked and turned into whole ticks and lots once, here; the value can serve any number of venues.
public struct SimulatedMarket: Sendable {
    /// The most ticks or lots that one order may say, which keeps every sum of money exact.
    static let mostSteps: Int64 = 1_000_000_000_000

    /// Money is counted in 10^-16 of the quote currency.
    static let money = DecimalSteps(exponent: -16)

    /// What the venue asks of orders.
    public let rules: InstrumentRules

    let tick: DecimalSteps
    let lot: DecimalSteps
    let moneyPerStep: Int128
    let minimumLots: Int64
    let minimumNotional: Int128
    let walk: PriceWalk

    /// Makes a market.
    ///
    /// Prices that are no whole ticks are taken to the tick below, volumes to the lot below.
    ///
    /// - Throws: `SimulatedVenueError` with every rule and candle at fault: a step that is not above zero, a candle with
    ///   a number that is not finite, a price under one tick, a high below the low, or a volume below zero.
    public init(_ rules: InstrumentRules, candles: CandleSource) throws {
        var problems: [String] = []
        let name = rules.symbol.rawValue
        if name.isEmpty { problems.append("symbol: is empty, a name is expected") }
        let tick = DecimalSteps(rules.tick)
        let lot = DecimalSteps(rules.lot)
        if tick == nil { problems.append("\(name) tick: \(rules.tick), a number above 0 is expected") }
        if lot == nil { problems.append("\(name) lot: \(rules.lot), a number above 0 is expected") }
        let moneyPerStep = tick.flatMap { tick in
            lot.flatMap { SimulatedMarket.money.count(tick, times: $0) }
        }
        if tick != nil, lot != nil, moneyPerStep.map({ $0 < 1 || $0 > 10_000_000_000_000_000 }) ?? true {
            problems.append("\(name) tick times lot: expected are 10^-16 to 1, in whole 10^-16")
        }
        let minimumLots = lot.flatMap { $0.truncating(rules.minimumQuantity) }
        if lot != nil, minimumLots.map({ $0 < 0 || $0 > Int128(SimulatedMarket.mostSteps) }) ?? true {
            problems.append("\(name) minimum quantity: \(rules.minimumQuantity), 0 or more is expected")
        }
        let minimumNotional = SimulatedMarket.money.truncating(rules.minimumNotional)
        if minimumNotional.map({ $0 < 0 }) ?? true {
            problems.append("\(name) minimum notional: \(rules.minimumNotional), 0 or more is expected")
        }
        guard problems.isEmpty, let tick, let lot, let moneyPerStep, let minimumLots, let minimumNotional else {
            throw SimulatedVenueError(code: .invalidConfiguration, problems: problems)
        }
        let reader = CandleReader(symbol: name, tick: tick, lot: lot)
        guard let walk = PriceWalk(try reader.source(of: candles)) else {
            throw SimulatedVenueError(
                code: .invalidConfiguration, problems: ["\(name) candles: none, at least one is expected"])
        }
        self.rules = rules
        self.tick = tick
        self.lot = lot
        self.moneyPerStep = moneyPerStep
        self.minimumLots = Int64(clamping: minimumLots)
        self.minimumNotional = minimumNotional
        self.walk = walk
    }
}
