import SeawallBroker
import SeawallTime
import Testing

@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct ShrinkingTests {
    /// A bot behind a guard that sends an order again under a fresh name when its reply is lost.
    private static let doubling: SeedSearch.Body = { world in
        try await trade(in: world, orders: 12)
    }

    private static func trade(in world: SimulatedWorld, orders: Int) async throws {
        let market = try SimulatedMarket(.bitcoin, candles: .recorded([.flat(20_000)]))
        let venue = try world.venue(.binanceUSDM, markets: [market])
        let edge = world.edge(.binanceUSDM, try world.chaos(venue))
        let broker = world.face(ResubmittingGuard(base: edge))
        await withTaskGroup { group in
            group.addTask(name: "trader") {
                for number in 0..<orders {
                    _ = try? await broker.place(.resting(.buy, 1, intent: IntentID("wish\(number)")))
                    try? await world.time.sleep(for: .seconds(2))
                }
            }
            group.addTask(name: "watcher") {
                for _ in 0..<20 {
                    _ = try? await broker.openOrders(for: nil, page: nil)
                    _ = try? await broker.balances()
                    try? await world.time.sleep(for: .seconds(1))
                }
            }
        }
    }

    /// Only promises: what else a storm does to so simple a bot is not the point.
    private static func search(_ scheduling: SimulationScheduling = .random) -> SeedSearch {
        SeedSearch(
            length: .seconds(60), configuration: .init(scheduling: scheduling, yieldsPerMille: 50),
            faults: .swarm(Swarm()),
            verdict: { $0.failures.filter { $0.kind == .promise(.oneOrderPerIntent) } }, body: doubling)
    }

    @Test func aDoubleOrderOfASwarmIsShrunkToTheOneFaultThatMatters() throws {
        let search = Self.search()
        let found = try search.run(0..<500)
        let failure = try #require(found.failures.first, "\(found)")
        let shrunk = try search.shrink(failure)
        #expect(shrunk.kind == .promise(.oneOrderPerIntent))
        #expect(shrunk.isComplete)
        #expect(shrunk.shrunk.faults == 1, "\(shrunk)")
        #expect(shrunk.original.faults > 1)
        #expect(shrunk.shrunk.length < shrunk.original.length)
        #expect(shrunk.shrunk.steps < shrunk.original.steps)
        #expect(shrunk.report.configuration.scheduling == .fifo)
        #expect(shrunk.report.configuration.yieldsPerMille == 0)
        #expect(shrunk.report.configuration.healsAt == nil)
        #expect(shrunk.faults.actions.first?.match.operations == [.place])
        #expect(shrunk.faults.actions.first?.after == 0)
        #expect(shrunk.faults.actions.first?.until == nil)

        // The line and the test say the whole run.
        let plan = try FaultPlan(json: shrunk.faults.json)
        #expect(plan == shrunk.faults)
        #expect(shrunk.reproduction.contains(shrunk.faults.json))
        let test = shrunk.test(body: "try await bot(world)")
        #expect(test.contains("Simulation(seed: \(failure.seed), "))
        #expect(test.contains("try await bot(world)"))
        #expect(test.contains("func seed\(failure.seed)FailsByPromiseP1() "))
        #expect(test.contains("scheduling: .fifo"))
        #expect(test.contains(shrunk.faults.json))
        let again = try Simulation(
            seed: shrunk.report.seed, configuration: shrunk.report.configuration, faults: plan
        ).run(for: shrunk.shrunk.length, Self.doubling)
        #expect(again.hash == shrunk.report.hash)
        #expect(again.failures.contains { $0.kind == shrunk.kind })
    }

    @Test func aBudgetIsNotOverdrawn() throws {
        let search = Self.search()
        let failure = try #require(try search.run(0..<500).failures.first)
        let shrunk = try search.shrink(failure, budget: 3)
        #expect(shrunk.runs == 3)
        #expect(!shrunk.isComplete)
        #expect(shrunk.failure.kind == .promise(.oneOrderPerIntent))
        #expect(throws: SimulationError.self) { try search.shrink(failure, budget: 0) }
        #expect(throws: SimulationError.self) { try search.shrink(failure, kind: .stalled) }
    }

    @Test func theSimplestBodyThatStillFailsIsTaken() throws {
        let search = Self.search(.pct(depth: 4))
        let failure = try #require(try search.run(0..<500).failures.first)
        let shrunk = try search.shrink(
            failure,
            simpler: [
                SimplerBody("nothing") { _ in },
                SimplerBody("eight orders") { try await Self.trade(in: $0, orders: 8) },
                SimplerBody("ten orders") { try await Self.trade(in: $0, orders: 10) },
            ])
        #expect(shrunk.bodyName != "nothing")
        #expect(shrunk.report.configuration.scheduling == .fifo)
        #expect(shrunk.shrunk.faults == 1, "\(shrunk)")
    }

    /// A failure that no fault causes is shrunk to none.
    @Test func aFailureOfTheBotItselfNeedsNoFault() throws {
        struct Clumsy: Error {}
        let search = SeedSearch(length: .seconds(20), faults: .swarm(Swarm())) { world in
            let market = try SimulatedMarket(.bitcoin, candles: .recorded([.flat(20_000)]))
            let broker = try world.chaos(try world.venue(.binanceUSDM, markets: [market]))
            for _ in 0..<5 {
                _ = try? await broker.balances()
                try await world.time.sleep(for: .seconds(1))
            }
            throw Clumsy()
        }
        let shrunk = try search.shrink(try #require(try search.run(0..<1).failures.first))
        #expect(shrunk.kind.rawValue == "threw Clumsy")
        #expect(shrunk.faults.actions.isEmpty)
        #expect(shrunk.shrunk.length < .seconds(8))
    }
}
