import Seawall
import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A small but busy bot: entries, exits, protective stops, amends and quotes on several symbols, and the reads around them.
///
/// It knows nothing of faults. It asks again for an order whose outcome is unknown by placing the same intent, takes a
/// denial for an answer, and after a crash goes on from what it remembers.
struct DrillBot: Sendable {
    let broker: any Broker
    let time: any TimeSource
    let symbols: [Symbol]
    let rules: [Symbol: InstrumentRules]
    let memory: DrillMemory
    let seed: UInt64

    /// How often each symbol is looked at.
    static let rhythm: Duration = .seconds(10)

    /// Trades until the task is cancelled.
    func run() async {
        await withTaskGroup { group in
            for symbol in symbols {
                guard let rules = rules[symbol] else { continue }
                var trader = SymbolTrader(broker: broker, time: time, rules: rules, memory: memory, seed: seed)
                let quoter = SymbolQuoter(broker: broker, time: time, rules: rules, memory: memory)
                group.addTask { await trader.run() }
                group.addTask { await quoter.run() }
            }
            group.addTask { await housekeeping() }
        }
    }

    /// The reads that a bot makes beside trading, one after the other.
    private func housekeeping() async {
        var round = 0
        while !Task.isCancelled {
            let symbol = symbols[round % symbols.count]
            try? await look(round, symbol)
            round += 1
            do { try await time.sleep(for: DrillBot.rhythm) } catch { return }
        }
    }

    private func look(_ round: Int, _ symbol: Symbol) async throws {
        switch round / symbols.count % 11 {
        case 0: _ = try await broker.tickers(for: symbols)
        case 1: _ = try await broker.balances()
        case 2: _ = try await broker.positions()
        case 3: _ = try await broker.candles(for: symbol, interval: .seconds(60), limit: 10)
        case 4: _ = try await broker.depth(for: symbol, levels: 5)
        case 5: _ = try await broker.openOrders(for: symbol, page: nil)
        case 6: _ = try await broker.orderHistory(for: symbol, page: nil)
        case 7: _ = try await broker.fills(since: nil, symbol: symbol)
        case 8: _ = try await broker.serverTime()
        case 9: _ = try await broker.rules(for: [symbol])
        default: try await broker.setDeadManTimer(.seconds(7_200), symbol: symbol)
        }
    }
}
