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
            if broker.capabilities.contains(.marketStream) { group.addTask { await watch() } }
        }
    }

    /// Follows the market for as long as the venue tells, and opens the stream again when it breaks.
    private func watch() async {
        while !Task.isCancelled {
            if let events = try? await broker.marketEvents(for: symbols) {
                do { for try await _ in events {} } catch {}
            }
            do { try await time.sleep(for: .seconds(5)) } catch { return }
        }
    }

    /// The reads that a bot makes beside trading, one after the other.
    private func housekeeping() async {
        var round = 0
        while !Task.isCancelled {
            let symbol = symbols[round % symbols.count]
            try? await look(round, symbol)
            try? await lookAside(round, symbol)
            round += 1
            do { try await time.sleep(for: DrillBot.rhythm) } catch { return }
        }
    }

    private func look(_ round: Int, _ symbol: Symbol) async throws {
        switch round / symbols.count % 8 {
        case 0: _ = try await broker.tickers(for: symbols)
        case 1: _ = try await broker.balances()
        case 2: _ = try await broker.positions()
        case 3 where has(.candles): _ = try await broker.candles(for: symbol, interval: .seconds(60), limit: 10)
        case 4 where has(.depth): _ = try await broker.depth(for: symbol, levels: 5)
        case 5: _ = try await broker.openOrders(for: symbol, page: nil)
        case 6 where has(.history): _ = try await broker.orderHistory(for: symbol, page: nil)
        case 7: _ = try await broker.fills(since: nil, symbol: symbol)
        default: break
        }
    }

    /// What no trade needs, asked for often enough that every fault meets it.
    private func lookAside(_ round: Int, _ symbol: Symbol) async throws {
        switch round / symbols.count % 7 {
        case 0 where has(.serverTime): _ = try await broker.serverTime()
        case 1 where has(.rules): _ = try await broker.rules(for: [symbol])
        case 2 where has(.limits): _ = try await broker.limits()
        case 3 where has(.fees): _ = try await broker.fees(for: symbol)
        case 4 where has(.status): _ = try await broker.status()
        case 5 where has(.preview): _ = try await broker.preview(.market(.buy, quantity: "1", of: symbol))
        case 6 where has(.deadManTimer): try await broker.setDeadManTimer(.seconds(7_200), symbol: symbol)
        default: break
        }
    }

    private func has(_ capability: BrokerCapability) -> Bool { broker.capabilities.contains(capability) }
}
