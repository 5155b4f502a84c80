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

    private static let machineFaults: FaultPlan = [
        .once(.crash(.before), on: .on(.time)), .once(.machineSleep(.seconds(9)), on: .on(.time)),
        .once(.diskFailure(.full, for: .seconds(9)), on: .on(.time)),
    ]

    /// What cannot happen is not said to have: the call goes on, and the report says what was missing.
    @Test func whereNoMachineWasStartedItsFaultsDoNotStrike() throws {
        let search = SeedSearch(length: .seconds(60), faults: .plan(Self.machineFaults)) { world in
            let market = try SimulatedMarket(.bitcoin, candles: .recorded([.flat(20_000)]))
            let chaos = try world.chaos(try world.venue(.binanceUSDM, markets: [market]))
            for _ in 0..<3 { _ = try await chaos.serverTime() }
            #expect(chaos.report == [])
        }
        let report = try search.run(seed: 1)
        #expect(report.failures.isEmpty, "\(report)")
        #expect(report.strikes.isEmpty)
        #expect(report.counts.strikes == [:])
        #expect(report.unstruck.map(\.matched) == [3, 3, 3])
        for fault in report.unstruck {
            #expect(fault.reason == "no machine was started (`world.machine { }`)")
        }
        #expect(
            "\(report)".contains(
                "actions[0] crash matched 3, never struck: no machine was started (`world.machine { }`)"))
        let found = try search.run(0..<2)
        #expect(found.hindrances.keys.sorted() == ["crash", "disk_failure", "machine_sleep"])
        #expect("\(found)".contains("nothing to strike: crash, disk_failure, machine_sleep: no machine was started"))
        #expect("\(found)".contains("strikes: none"))
    }

    @Test func whereAMachineRunsTheyStrikeAndADiskOnlyOnceItIsUsed() throws {
        let report = try Simulation(seed: 1, faults: Self.machineFaults).run(for: .seconds(60)) { world in
            let market = try SimulatedMarket(.bitcoin, candles: .recorded([.flat(20_000)]))
            let chaos = try world.chaos(try world.venue(.binanceUSDM, markets: [market]))
            try await world.machine { machine in
                let wire = machine.connect(chaos)
                for _ in 0..<3 { _ = try await wire.serverTime() }
                #expect(chaos.unstruck.map(\.reason) == ["nothing used the machine's disk"])
                try machine.file("other").append([1])
                _ = try await wire.serverTime()
                #expect(throws: DiskError.self) { try machine.file("other").append([2]) }
            }
        }
        #expect(report.failures.isEmpty, "\(report)")
        #expect(report.strikes.map(\.fault) == ["crash", "machine_sleep", "disk_failure"])
        #expect(report.crashes == 1 && report.unstruck == [])
    }

    @Test func whereNoVenueWasMadeItsFaultsDoNotStrike() throws {
        let plan: FaultPlan = [
            .once(.venueMode(.maintenance, for: .seconds(9)), on: .on(.time)),
            .once(.authenticationExpiry(for: .seconds(9)), on: .on(.time)),
        ]
        let report = try Simulation(seed: 1, faults: plan).run { world in
            _ = try await world.chaos(DeterministicBroker()).serverTime()
        }
        #expect(report.strikes.isEmpty)
        #expect(report.unstruck.map(\.reason?.isEmpty) == [false, false])
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
