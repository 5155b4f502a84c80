import Seawall
import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@main
struct SeawallDrill {
    static func main() throws {
        let name = CommandLine.arguments.dropFirst().first ?? "calm"
        let seed = CommandLine.arguments.dropFirst(2).first.flatMap(UInt64.init) ?? 1
        let hours = CommandLine.arguments.dropFirst(3).first.flatMap(Double.init) ?? 1
        let show = CommandLine.arguments.count > 4
        let symbols = ["BTCUSDT", "ETHUSDT"]
        let markets = try symbols.map { symbol in
            try SimulatedMarket(
                InstrumentRules(
                    symbol: Symbol(symbol), tick: 0.01, lot: 0.001, minimumQuantity: 0.001, minimumNotional: 5,
                    base: Asset(String(symbol.prefix(3))), quote: "USDT"),
                candles: .randomWalk(start: symbol == "BTCUSDT" ? 20_000 : 1_500, seed: seed))
        }
        guard let scenario = Scenario.all.first(where: { $0.name == name }) else { return print("no such scenario") }
        let run = DrillRun(scenario: scenario, seed: seed, hours: hours, profile: .binanceUSDM, markets: markets)
        let report = try run.run { log in if show { log.onLine { print($0) } } }
        print(report)
        print(report.counts)
        for (promise, finding) in report.findings.sorted(by: { $0.key < $1.key }) {
            print(promise.rawValue, finding.checked, finding.broken.prefix(5))
        }
    }
}
