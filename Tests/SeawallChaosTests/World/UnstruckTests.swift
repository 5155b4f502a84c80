import SeawallBroker
import SeawallTime
import Testing

@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A report names the faults of its plan that never struck.
@Suite struct UnstruckTests {
    private static let plan: FaultPlan = [
        FaultAction(.error(FaultError(message: "no")), on: .on(.time), times: 1),
        FaultAction(.error(FaultError(message: "never")), on: .on(.preview), name: "nowhere"),
        FaultAction(.error(FaultError(message: "later")), on: .on(.time), name: "late", from: .seconds(600)),
    ]

    private func run(_ body: @escaping @Sendable (ChaosBroker) async throws -> Void) throws -> SimulationReport {
        try Simulation(seed: 1, faults: Self.plan).run(for: .seconds(60)) { world in
            let market = try SimulatedMarket(.bitcoin, candles: .recorded([.flat(20_000)]))
            try await body(try world.chaos(try world.venue(.binanceUSDM, markets: [market])))
        }
    }

    @Test func whatNeverStruckIsNamedWithWhatItMatched() throws {
        let report = try run { broker in for _ in 0..<3 { _ = try? await broker.serverTime() } }
        #expect(
            report.unstruck == [
                UnstruckFault(index: 1, fault: "nowhere", matched: 0),
                UnstruckFault(index: 2, fault: "late", matched: 3),
            ])
        #expect("\(report)".contains("never struck: actions[1] nowhere matched no call"))
    }

    @Test func whereNoBrokerHasTheFaultsNoneOfThemStruck() throws {
        let report = try Simulation(seed: 1, faults: Self.plan).run(for: .seconds(60)) { _ in }
        #expect(report.unstruck.map(\.index) == [0, 1, 2])
    }

    /// The shelf of the brokers must not keep the world alive.
    @Test func aWorldWithFaultsGoesAway() throws {
        let kept = Recorder<Weak>()
        _ = try Simulation(seed: 1, faults: Self.plan).run(for: .seconds(60)) { world in
            kept.append(Weak(world))
            let market = try SimulatedMarket(.bitcoin, candles: .recorded([.flat(20_000)]))
            let chaos = try world.chaos(try world.venue(.binanceUSDM, markets: [market]))
            _ = try? await chaos.serverTime()
        }
        #expect(kept.values.count == 1)
        #expect(kept.values.first?.world == nil)
    }
}

private struct Weak: Sendable {
    weak let world: SimulatedWorld?

    init(_ world: SimulatedWorld) { self.world = world }
}
