import SeawallBroker
import SeawallTime
import Testing

@testable import Seawall
@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Faults of the world strike every operation on a real road, and what is counted has happened.
///
/// The road is a venue, a machine, a layer with its journal, and a bot that makes every call there is.
@Suite struct WorldStrikesTests {
    private static let worlds = SwarmFault.standard.filter { $0.action.effect.site == .world }

    /// Each of the swarm's faults once for each operation, so that one run has them all; each operation begins with
    /// another fault.
    private static let plan = FaultPlan(
        BrokerOperation.allCases.enumerated().flatMap { number, operation in
            worlds.indices.map { worlds[($0 + number) % worlds.count].action }
                .filter { $0.operations.contains(operation) }
                .map { FaultAction($0.effect, on: .on(operation), name: $0.name, times: 1) }
        })

    /// A venue that has every operation.
    private static let profile = VenueProfile.binanceUSDM.with { profile in
        profile.capabilities.formUnion([.preview, .status])
        profile.modes.insert(.postOnly)
    }

    @Test func everyFaultOfTheWorldStrikesEveryOperationAndWhatIsCountedHappened() throws {
        let seen = Recorder<String>()
        let wrong = Recorder<String>()
        let search = SeedSearch(
            length: .seconds(900), faults: .plan(Self.plan, name: "every fault of the world"), runsTwice: false,
            verdict: { report in
                for problem in Self.problems(report) { wrong.append("seed \(report.seed): \(problem)") }
                return []
            },
            body: { world in
                world.log.onRecord { record in Self.note(record) { seen.append($0) } }
                try await Self.callEverything(in: world)
            })
        let report = try search.run(1..<2)
        #expect(wrong.values == [])
        #expect(report.hindrances == [:])
        let pairs = Self.worlds.flatMap { fault in
            fault.action.operations.map { "\(fault.action.name) \($0.rawValue)" }
        }
        let missing = Set(pairs).subtracting(report.counts.strikes.keys).sorted()
        #expect(missing == [], "\(missing.count) of \(pairs.count)")
        for event in ["failed disk", "filled", "refused", "restart"] {
            #expect(seen.values.contains(event), "\(event)")
        }
    }

    /// What was struck and did not happen, or happened unstruck.
    private static func problems(_ report: SimulationReport) -> [String] {
        let crashes = report.strikes.count { if case .crash = $0.action.effect { true } else { false } }
        // Of two calls at once, one may be struck behind the other's crash, and finds no process any more.
        return (crashes - 1...crashes).contains(report.crashes)
            ? [] : ["\(crashes) crashes struck, \(report.crashes) happened"]
    }

    private static func note(_ record: RunRecord, _ tell: (String) -> Void) {
        switch record.body {
        case .disk(let disk) where disk.outcome == .failed: tell("failed disk")
        case .venue(let event) where event.kind == .filled: tell("filled")
        case .reply(let reply) where reply.status.map { $0 >= 400 } == true: tell("refused")
        case .restart: tell("restart")
        default: break
        }
    }

    private static func callEverything(in world: SimulatedWorld) async throws {
        let market = try SimulatedMarket(.bitcoin, candles: .recorded([.flat(20_000)]))
        let venue = try world.venue(profile, markets: [market])
        let chaos = try world.chaos(venue)
        try await world.machine { machine in
            let guarded = try world.layer(venue: profile, broker: chaos, on: machine)
            // What the layer would refuse by itself, or answer from what it knows, goes to the venue's edge.
            let edge = world.edge(profile, chaos, on: machine)
            let name = "b\(machine.boot)"
            try await withThrowingTaskGroup { group in
                group.addTask {
                    while (try? await guarded.layer.start(symbols: venue.symbols)) == nil {
                        try await machine.time.sleep(for: .seconds(1))
                    }
                    for round in 0... {
                        _ = try? await guarded.broker.place(.resting(.buy, 1, intent: IntentID("\(name)g\(round)")))
                        try await machine.time.sleep(for: .seconds(5))
                    }
                }
                group.addTask {
                    for round in 0... {
                        for operation in operations(from: machine.boot + round) {
                            await make(operation, "\(name)r\(round)", edge)
                            try await machine.time.sleep(for: .milliseconds(150))
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    /// What is done with an order first, then all the rest, beginning at another one each time.
    private static func operations(from start: Int) -> [BrokerOperation] {
        let orders: [BrokerOperation] = [.place, .amend, .query, .cancel]
        let rest = BrokerOperation.allCases.filter { !orders.contains($0) }
        let first = start * 7 % rest.count
        return orders + rest[first...] + rest[..<first]
    }

    private static func make(
        _ operation: BrokerOperation, _ name: String, _ edge: any Broker
    ) async {
        let symbol = VenueWorld.symbol
        func order(_ suffix: String) -> OrderRequest {
            var order = OrderRequest.resting(.buy, 1, intent: IntentID(name + suffix))
            order.clientID = ClientOrderID(name + suffix)
            return order
        }
        let target = OrderTarget.client(ClientOrderID(name + "x"))
        switch operation {
        case .place: _ = try? await edge.place(order("x"))
        case .amend: _ = try? await edge.amend(AmendRequest(target: target, symbol: symbol, quantity: 2))
        case .query: _ = try? await edge.order(target, symbol: symbol)
        case .cancel: _ = try? await edge.cancel(target, symbol: symbol)
        case .cancelMany: _ = try? await edge.cancel([target], symbol: symbol)
        case .cancelAll: _ = try? await edge.cancelAll(for: symbol)
        case .preview: _ = try? await edge.preview(order("p"))
        case .timer: _ = try? await edge.setDeadManTimer(.seconds(60), symbol: symbol)
        case .openOrders: _ = try? await edge.openOrders(for: symbol, page: nil)
        case .history: _ = try? await edge.orderHistory(for: symbol, page: nil)
        case .fills: _ = try? await edge.fills(since: nil, symbol: symbol)
        case .ticker: _ = try? await edge.tickers(for: [symbol])
        case .candles: _ = try? await edge.candles(for: symbol, interval: .seconds(60), limit: 5)
        case .depth: _ = try? await edge.depth(for: symbol, levels: 5)
        case .rules: _ = try? await edge.rules(for: [symbol])
        case .fees: _ = try? await edge.fees(for: symbol)
        case .marketStream: _ = try? await edge.marketEvents(for: [symbol])
        case .userStream: _ = try? await edge.userEvents()
        case .balances: _ = try? await edge.balances()
        case .positions: _ = try? await edge.positions()
        case .status: _ = try? await edge.status()
        case .time: _ = try? await edge.serverTime()
        case .permissions: _ = try? await edge.permissions()
        case .limits: _ = try? await edge.limits()
        }
    }

    /// Each fault of a fill, at each operation, is followed by a trade that nothing else could cause.
    @Test func aFillThatIsCountedIsATrade() throws {
        for fault in Self.worlds where fault.action.effect.kind == .fill {
            for operation in fault.action.operations {
                let action = FaultAction(fault.action.effect, on: .on(operation), times: 1)
                let report = try Simulation(seed: 3, faults: [action]).run(for: .seconds(60)) { world in
                    let market = try SimulatedMarket(.bitcoin, candles: .recorded([.flat(20_000)]))
                    let venue = try world.venue(Self.profile, markets: [market])
                    let edge = world.edge(Self.profile, try world.chaos(venue))
                    for operation in [BrokerOperation.place, .amend, .query, .cancel] {
                        await Self.make(operation, "o", edge)
                    }
                }
                #expect(report.strikes.map(\.operation) == [operation])
                #expect(report.counts.fills > 0, "\(fault.action.name) \(operation)")
            }
        }
    }
}
