import SeawallBroker
import SeawallChaos
import SeawallTime
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Faults inside a simulation: nothing escapes its executor, and the same seed gives the same strikes.
@Suite struct ChaosBrokerSimulationTests {
    private static func run(seed: UInt64) throws -> (SimulationReport, [FaultCount], [String]) {
        let counts = Lock<[FaultCount]>([])
        let seen = Lock<[String]>([])
        let report = try Simulation(seed: seed).run { world in
            let base = DeterministicBroker()
            let broker = try ChaosBroker(
                base,
                plan: [
                    FaultAction(.lateFills(by: .seconds(7)), on: .on(.userStream), probability: 0.4),
                    FaultAction(.duplicateFills, on: .on(.userStream), probability: 0.4),
                    FaultAction(.lostAfter(.silence(for: .seconds(3))), on: .on(.place), probability: 0.3),
                    FaultAction(.delay(.milliseconds(250)), on: .on(.place), probability: 0.3),
                ], environment: world.environment, seed: world.seed,
                onStrike: { strike in
                    seen.withLock { $0.append("\(strike.time) \(strike.fault) \(strike.operation)") }
                })
            let events = try await broker.userEvents()
            let listener = world.environment.spawner.spawn {
                do {
                    for try await event in events {
                        guard case .fill(let fill, _) = event else { continue }
                        seen.withLock { $0.append("\(world.time.now) heard \(fill.id)") }
                    }
                } catch {}
            }
            let order = OrderRequest(symbol: "BTCUSDT", side: .buy, quantity: .base(1), type: .market)
            for number in 1...40 {
                _ = try? await broker.place(order)
                base.emit(
                    .fill(
                        Fill(
                            id: FillID("f\(number)"), venueID: "V1", clientID: nil, symbol: "BTCUSDT", side: .buy,
                            quantity: 1, price: 100, fee: 0, feeAsset: "USDT", time: world.time.civilNow),
                        sequence: nil))
                try await world.time.sleep(for: .seconds(1))
            }
            try await world.time.sleep(for: .seconds(10))
            base.endUserEvents()
            await listener.value
            counts.withLock { $0 = broker.report }
        }
        return (report, counts.withLock { $0 }, seen.withLock { $0 })
    }

    @Test func faultsStayOnTheSimulationsThread() throws {
        let (report, counts, seen) = try Self.run(seed: 3)
        #expect(report.isClean, "\(report)")
        #expect(Set(counts.map(\.fault)) == ["late_fills", "duplicate_fills", "lost_after", "delay"])
        let heard = seen.filter { $0.contains("heard") }.count
        let doubled = counts.filter { $0.fault == "duplicate_fills" }.map(\.count).reduce(0, +)
        #expect(heard == 40 + doubled)
    }

    @Test func theSameSeedGivesTheSameStrikes() throws {
        let first = try Self.run(seed: 11)
        let second = try Self.run(seed: 11)
        #expect(first.1 == second.1)
        #expect(first.2 == second.2)
        #expect(try Self.run(seed: 12).2 != first.2)
    }
}
