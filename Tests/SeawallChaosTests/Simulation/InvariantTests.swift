import SeawallBroker
import SeawallTime
import Testing

@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct InvariantTests {
    private final class Counter: Sendable {
        private let value = Lock(0)
        var count: Int { value.withLock { $0 } }
        func add() { value.withLock { $0 += 1 } }
    }

    private func violation(_ report: SimulationReport) throws -> InvariantViolation {
        guard case .invariant(let violation) = report.outcome else {
            Issue.record("no violation: \(report)")
            throw CancellationError()
        }
        #expect(!report.isClean)
        #expect(report.description.contains(violation.name))
        return violation
    }

    @Test func aRunStopsAtTheStepThatBreaksAnInvariant() throws {
        let counter = Counter()
        let report = try Simulation(seed: 1).run { world in
            world.demand("under three") { counter.count < 3 ? nil : "it is \(counter.count)" }
            for _ in 0..<10 {
                try await world.time.sleep(for: .seconds(1))
                counter.add()
            }
        }
        let seen = try violation(report)
        #expect(seen.name == "under three")
        #expect(seen.message == "it is 3")
        #expect(seen.instant == .origin.advanced(by: .seconds(3)))
        #expect(seen.step == report.steps)
        #expect(report.virtualElapsed == .seconds(3))
        #expect(report.leaks.isEmpty, "\(report)")
    }

    @Test func theFirstViolationIsTold() throws {
        let report = try Simulation(seed: 1).run { world in
            world.demand("first") { "a" }
            world.demand("second") { "b" }
            await Task.yield()
        }
        #expect(try violation(report).name == "first")
    }

    @Test func whatHoldsIsAskedAfterEveryStepAndNeverAfterTheEnd() throws {
        let asked = Counter()
        let report = try Simulation(seed: 1).run(for: .seconds(5)) { world in
            world.demand("always") {
                asked.add()
                return nil
            }
            while true {
                try await world.time.sleep(for: .seconds(1))
                await Task.yield()
            }
        }
        #expect(report.isClean, "\(report)")
        #expect(asked.count == report.steps)
    }

    @Test func theEndIsAskedOnceAndOnlyOfARunThatCameToOne() throws {
        let asked = Counter()
        let body: @Sendable (SimulatedWorld, Bool) async throws -> Void = { world, spins in
            world.demand("three at the end", at: .end) {
                asked.add()
                return "not three"
            }
            while spins { await Task.yield() }
        }
        let ended = try Simulation(seed: 1).run { try await body($0, false) }
        #expect(try violation(ended).name == "three at the end")
        #expect(asked.count == 1)
        let configuration = SimulationConfiguration(stepsPerInstantLimit: 100, shutdownStepLimit: 0)
        let spinning = try Simulation(seed: 1, configuration: configuration).run { world in
            try await body(world, true)
        }
        #expect(asked.count == 1)
        #expect(!spinning.isClean)
    }

    @Test func aBadNoteAndABadRecordStopTheRun() throws {
        let noted = try Simulation(seed: 1).run { world in
            world.demand("no bad words", atNote: { $0 == "bad" ? "said \($0)" : nil })
            world.note("good")
            try await world.time.sleep(for: .seconds(2))
            world.note("bad")
            try await world.time.sleep(for: .seconds(2))
        }
        #expect(try violation(noted).instant == .origin.advanced(by: .seconds(2)))
        let recorded = try Simulation(seed: 1).run { world in
            world.demand("no fault strikes") { record in
                guard case .fault(let fault) = record.body else { return nil }
                return "\(fault.fault) struck"
            }
            let venue = try world.venue(
                .binanceUSDM, markets: [SimulatedMarket(.bitcoin, candles: .recorded([.flat(20_000)]))])
            let broker = try world.chaos(venue, plan: [.after(2, .rateLimited(retryAfter: nil))])
            while true {
                _ = try? await broker.balances()
                try await world.time.sleep(for: .seconds(1))
            }
        }
        let seen = try violation(recorded)
        #expect(seen.message == "rate_limited struck")
    }

    @Test func aDemandMayHoldTheWorldAndNothingLeaks() throws {
        weak var executor: SimulationExecutor?
        func once() throws {
            let held = Holder()
            _ = try Simulation(seed: 1).run { world in
                held.executor = world.executor
                world.demand("time moves") { world.time.now >= .origin ? nil : "back" }
                world.demand("notes", atNote: { _ in world.seed == 1 ? nil : "seed" })
                world.note("x")
            }
            executor = held.executor
        }
        try once()
        #expect(executor == nil)
    }

    private final class Holder: @unchecked Sendable {
        weak var executor: SimulationExecutor?
    }

    @Test func theFaultsOfARunAreInItsWorldAndStrike() throws {
        let plan: FaultPlan = [
            FaultAction(.rateLimited(retryAfter: "7"), after: 1, until: .seconds(33))
        ]
        let simulation = try Simulation(
            seed: 3, configuration: .init(healsAt: .seconds(40)), faults: plan)
        let report = simulation.run { world in
            #expect(world.faults == plan)
            #expect(world.healsAt == .origin.advanced(by: .seconds(40)))
            let venue = try world.venue(
                .binanceUSDM, markets: [SimulatedMarket(.bitcoin, candles: .recorded([.flat(20_000)]))])
            let broker = try world.chaos(venue)
            #expect(broker.plan == plan)
            _ = try await broker.balances()
            await #expect(throws: BrokerError.self) { try await broker.balances() }
        }
        #expect(report.isClean, "\(report)")
        #expect(report.faults == plan)
        #expect(report.counts.strikes.values.reduce(0, +) == 1)
    }

    @Test func faultsThatMakeNoSenseAreRefused() {
        let plan: FaultPlan = [FaultAction(.emptyOrders, after: -1)]
        #expect(throws: InvalidFields.self) { try Simulation(seed: 1, faults: plan) }
        #expect(throws: SimulationError.self) {
            try Simulation(seed: 1, configuration: .init(healsAt: .seconds(-1)))
        }
    }

    /// A bot must not be accused of making no progress under a fault that nobody ends.
    @Test func whatStrikesForEverInARunThatHealsIsRefused() throws {
        let plan: FaultPlan = [
            FaultAction(.rateLimited(retryAfter: "7"), until: .seconds(33)),
            FaultAction(.crash(.before), on: .on(.place)),
            FaultAction(.streamHang(for: nil), until: .seconds(1)),
        ]
        let configuration = SimulationConfiguration(healsAt: .seconds(40))
        let error = try #require(throws: InvalidFields.self) {
            try Simulation(seed: 1, configuration: configuration, faults: plan)
        }
        #expect(error.fields.map(\.name) == ["actions[1].until", "actions[2].effect.duration"])
        #expect(
            error.description.contains("actions[1].until is nil, expected at most 40.0 seconds, so that crash is over"))
        #expect(error.description.contains("healed(by:)"))
        let search = SeedSearch(length: .seconds(60), configuration: configuration, faults: .plan(plan)) { _ in }
        #expect(throws: InvalidFields.self) { try search.run(0..<0) }
        _ = try Simulation(seed: 1, faults: plan)
        _ = try Simulation(seed: 1, configuration: configuration, faults: plan.healed(by: .seconds(40)))
        let report = try Simulation(seed: 1, configuration: configuration).run { world in
            _ = try world.chaos(DeterministicBroker(), plan: plan)
        }
        #expect(report.thrown is InvalidFields)
    }
}
