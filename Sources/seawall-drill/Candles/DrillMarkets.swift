import Seawall
import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What is traded in a drill: recorded candles, or walks made from the seed.
enum DrillMarkets: Sendable {
    case made([String])
    case recorded([SimulatedMarket], minutes: Int)

    /// What is traded where nobody says.
    static let symbols = ["BTCUSDT", "ETHUSDT", "SOLUSDT"]

    /// Reads the candle files of the options.
    ///
    /// - Throws: `BadInput` for the first file that cannot be used.
    init(_ options: DrillOptions) throws(BadInput) {
        guard !options.candles.isEmpty else {
            self = .made(options.symbols.isEmpty ? Self.symbols : options.symbols)
            return
        }
        var markets: [SimulatedMarket] = []
        var minutes = Int.max
        var names: Set<String> = []
        for (index, path) in options.candles.enumerated() {
            let name = try Self.name(of: path, given: index < options.symbols.count ? options.symbols[index] : nil)
            guard names.insert(name).inserted else {
                throw BadInput(
                    "\(BadInput.quoted(path)): holds \(name) like a file before it, expected one file a symbol")
            }
            let recorded = try CandleParser.candles(in: try FileInput.bytes(of: path), file: path)
            markets.append(try Self.market(name, recorded, path))
            minutes = min(minutes, recorded.candles.count)
        }
        self = .recorded(markets, minutes: minutes)
    }

    private static func name(of path: String, given: String?) throws(BadInput) -> String {
        if let name = given ?? SymbolName.inFileName(path) { return name }
        throw BadInput("\(BadInput.quoted(path)): its name begins with no symbol, expected --symbol NAME for it")
    }

    /// A market that replays candles.
    static func market(
        _ symbol: String, _ recorded: RecordedCandles, _ path: String
    ) throws(BadInput) -> SimulatedMarket {
        guard let first = recorded.candles.first, let lowest = recorded.lowest, let highest = recorded.highest,
            let largest = recorded.largest
        else { throw BadInput("\(BadInput.quoted(path)) line 1: no candle, expected at least one") }
        let rules = InstrumentRules.drill(
            symbol: symbol, price: first.close, lowest: lowest.value, highest: highest.value,
            digits: recorded.priceDigits)
        let most = InstrumentRules.powerOfTen(12)
        for (name, extreme, range) in [
            ("low", lowest, rules.tick...(most * rules.tick)), ("high", highest, rules.tick...(most * rules.tick)),
            ("volume", largest, 0...(most * rules.lot)),
        ] where !range.contains(extreme.value) {
            throw BadInput(
                "\(BadInput.quoted(path)) line \(extreme.line): \(name) is \(extreme.value.plainText), "
                    + "expected \(range.lowerBound.plainText) to \(range.upperBound.plainText)")
        }
        do { return try SimulatedMarket(rules, candles: .recorded(recorded.candles)) } catch {
            throw BadInput("\(BadInput.quoted(path)): \(error)")
        }
    }

    /// The names of what is traded.
    var names: [String] {
        switch self {
        case .made(let names): names
        case .recorded(let markets, _): markets.map(\.rules.symbol.rawValue)
        }
    }

    /// How long the recording is, in hours; nil where there is none.
    var recordedHours: Double? {
        guard case .recorded(_, let minutes) = self else { return nil }
        return Double(minutes) / 60
    }

    /// The markets of one seed.
    func markets(seed: UInt64) throws -> [SimulatedMarket] {
        switch self {
        case .recorded(let markets, _): markets
        case .made(let names): try names.map { try Self.walk($0, seed: seed) }
        }
    }

    private static func walk(_ symbol: String, seed: UInt64) throws -> SimulatedMarket {
        let start: Decimal =
            switch symbol.prefix(3).uppercased() {
            case "BTC": 20_000
            case "ETH": 1_500
            case "SOL": 150
            default: 100
            }
        let rules = InstrumentRules.drill(symbol: symbol, price: start, lowest: start, highest: start, digits: 2)
        return try SimulatedMarket(rules, candles: .randomWalk(start: start, seed: seed))
    }
}
