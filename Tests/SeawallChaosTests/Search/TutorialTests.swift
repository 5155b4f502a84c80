import Seawall
import SeawallChaos
import Synchronization
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

// What the page "Testing your own bot" shows, word for word, so that it compiles and holds.

struct MyBot {
    let broker: any Broker
    let time: any TimeSource
    let symbol: Symbol

    func run() async throws {
        for number in 0..<20 {
            let order = OrderRequest(
                intent: IntentID("wish\(number)"), symbol: symbol, side: .buy, quantity: .base(1),
                type: .limit(price: 19_000))
            _ = try? await broker.place(order)
            try await time.sleep(for: .seconds(2))
        }
    }
}

@Suite struct MyBotTests {
    static let rules = InstrumentRules.bitcoin

    /// What a run does: a venue, faults before it, the layer, and the bot.
    static let trading: SeedSearch.Body = { world in
        let market = try SimulatedMarket(rules, candles: .randomWalk(start: 20_000, seed: world.seed))
        let venue = try world.venue(.binanceUSDM, markets: [market])
        let chaos = try world.chaos(venue)
        let guarded = try world.layer(venue: .binanceUSDM, broker: chaos)
        while (try? await guarded.layer.start(symbols: venue.symbols)) == nil {
            try await world.time.sleep(for: .seconds(1))
        }
        try await MyBot(broker: guarded.broker, time: world.time, symbol: venue.symbols[0]).run()
    }

    @Test func itSurvivesLostReplies() throws {
        let faults: FaultPlan = [
            FaultAction(.lostAfter(.silence(for: .seconds(5))), on: .on(.place), probability: 0.2)
        ]
        let run = try Simulation(seed: 7, faults: faults).run(for: .seconds(60), Self.trading)
        #expect(run.failures.isEmpty, "\(run)")
    }

    @Test func noSeedBreaksIt() throws {
        let lost: SwarmFault = SwarmFault(.lostAfter(.reset(after: .milliseconds(50))), on: .on(.place))
        let search = SeedSearch(
            length: .seconds(60), faults: .swarm(Swarm(catalogue: [lost])), body: Self.trading)
        let found = try search.run(0..<5)
        #expect(found.failures.isEmpty, "\(found)")
    }

    @Test func whatItDemandsIsAsked() throws {
        let run = try Simulation(seed: 7).run(for: .seconds(60)) { world in
            let placed = PlacedOrders()
            world.demand("at most ten orders") { placed.count <= 10 ? nil : "there are \(placed.count)" }
            world.demand("no order is refused") { record in
                guard case .reply(let reply) = record.body, reply.status == 400 else { return nil }
                return "the venue answered 400"
            }
            world.demand("everything was asked for", at: .end) { placed.count > 0 ? nil : "nothing was placed" }
            for _ in 0..<30 {
                placed.add()
                try await world.time.sleep(for: .seconds(1))
            }
        }
        #expect(run.failures.map(\.kind) == [.invariant("at most ten orders")])
    }

    /// The form in which a shrunk failure is printed.
    @Test func seed12FailsBypromiseP1() throws {
        let body = Self.trading
        let faults = try FaultPlan(
            json:
                #"{"actions":[{"after":3,"effect":{"kind":"lost_after","loss":{"reset":0.08}},"match":{"operations":["place"]},"name":"lost_after","times":1}]}"#
        )
        let configuration = SimulationConfiguration(scheduling: .fifo)
        let simulation = try Simulation(seed: 12, configuration: configuration, faults: faults)
        let run = try simulation.run(for: .seconds(7)) { world in
            try await body(world)
        }
        #expect(run.failures.isEmpty, "\(run)")
    }
}

private final class PlacedOrders: Sendable {
    private let number = Mutex(0)
    var count: Int { number.withLock { $0 } }
    func add() { number.withLock { $0 += 1 } }
}
