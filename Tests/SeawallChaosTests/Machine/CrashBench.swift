import SeawallBroker
import SeawallDegradation
import SeawallTime
import Testing

@testable import Seawall
@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The run that is crashed everywhere: a guarded bot, faults, and what must hold at its end whatever befell it.
struct CrashBench: Sendable {
    var seed: UInt64
    var faults: FaultPlan = Self.faults
    var restartAfter = Duration.seconds(2)
    /// What befalls the world at a step of the run, and at which.
    var blow: (step: Int, strike: @Sendable (SimulatedWorld) -> Void)?

    /// Replies and requests are lost, requests wait, a limit is hit, fills come late.
    static let faults = FaultPlan([
        FaultAction(.lostAfter(lost), on: FaultMatch(operations: [.place]), after: 1, times: 1),
        FaultAction(.lostBefore(lost), on: FaultMatch(operations: [.place]), after: 3, times: 1),
        FaultAction(.delay(.milliseconds(300)), on: FaultMatch(operations: [.place, .cancel]), after: 2, times: 2),
        FaultAction(.rateLimited(retryAfter: "1"), on: FaultMatch(operations: [.query]), times: 1),
        FaultAction(.lateFills(by: .milliseconds(500)), times: 2),
    ])

    private static let lost = FaultLoss.reset(after: .milliseconds(40))

    /// What a run came to.
    struct Result {
        var report: SimulationReport
        var problems: [String]
        var diskOperations: Int
        var bootSteps: [Int]
    }

    func run(crashes: [CrashPoint] = []) throws -> Result {
        let problems = Recorder<String>()
        let bootSteps = Recorder<Int>()
        let report = try Simulation(seed: seed).run(for: .seconds(1_800)) { world in
            if let blow { world.executor.addAlarm(atStep: blow.step) { [weak world] in world.map(blow.strike) } }
            let market = try SimulatedMarket(.bitcoin, candles: .recorded([.flat(20_000)]))
            let venue = try world.venue(.binanceUSDM, markets: [market])
            let chaos = try world.chaos(venue, plan: faults)
            let last = Recorder<Decimal?>()
            try await world.machine(restartAfter: restartAfter, crashes: crashes) { machine in
                bootSteps.append(world.executor.steps)
                let bot = try await Survivor(machine, world, chaos)
                try await bot.work()
                guard machine.isRunning else { return }
                let exposure = bot.guarded.layer.exposure(of: VenueWorld.symbol)
                last.append(exposure.position)
                if !exposure.outstanding.isEmpty { problems.append("in doubt at the end: \(exposure.outstanding)") }
                let causes = bot.guarded.layer.status.causes
                if !causes.isEmpty { problems.append("still restricted: \(causes)") }
            }
            let truth = venue.truth()
            if truth.positions[VenueWorld.symbol] != 0 { problems.append("position \(truth.positions)") }
            if last.values.last != .some(truth.positions[VenueWorld.symbol]) {
                problems.append("the layer believes \(last.values)")
            }
            if !truth.workingOrders.isEmpty { problems.append("still working: \(truth.workingOrders)") }
            let wishes = 7 * Survivor.rounds
            if truth.counts.orders != wishes { problems.append("\(truth.counts.orders) orders for \(wishes) wishes") }
            for (name, orders) in truth.ordersByClientID.sorted(by: { $0.key.rawValue < $1.key.rawValue })
            where orders.count > 1 {
                problems.append("\(name) was taken \(orders.count) times")
            }
        }
        if !report.isClean || report.outcome != .finished { problems.append("\(report)") }
        for line in report.brokenPromises { problems.append(line) }
        return Result(
            report: report, problems: problems.values, diskOperations: report.disk?.operationCount ?? 0,
            bootSteps: bootSteps.values)
    }
}
