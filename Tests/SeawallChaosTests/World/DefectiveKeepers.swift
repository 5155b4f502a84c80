import SeawallAlerts
import SeawallBroker
import SeawallRateLimit
import SeawallTime
import Testing

@testable import Seawall
@testable import SeawallChaos
@testable import SeawallDegradation

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// How a keeper of latches goes wrong.
enum KeeperDefect: Sendable {
    /// It sweeps and tells before the disk has the latch.
    case alertsBeforeTheSync
    case sweepsBeforeTheSync
    /// It appends and forgets to make it safe.
    case neverSyncs
    /// After a restart it trades on as if nothing had been.
    case forgetsAtRestart
    /// It takes state that it cannot read for none at all.
    case startsAfreshOnUnreadableState
    case latchesAfterCancels
    case sweepsTwice
    case sweepsAgainAfterARestart
    case neverSweeps
    /// It cancels, and is never done.
    case neverEndsItsSweep
    /// It ends without looking again.
    case leavesAnOrderUnnamed
    /// It sends what had waited.
    case sendsWhatHadWaited
    /// It tells a sink again with each restart.
    case alertsAgainAfterARestart
    case alertsTwice
}

/// Pulls the kill switch as the library should, but for one defect.
struct Keeper: Sendable {
    let bench: Road.Workbench
    let disk: SimulatedFile
    let defect: KeeperDefect?
    let boot: Int

    private static let cause = "b0.p1"

    /// What a process begins with.
    func start() async throws {
        let text: String
        do {
            text = String(decoding: try disk.read() ?? [], as: UTF8.self)
        } catch {
            guard defect != .startsAfreshOnUnreadableState else { return }
            raise("unreadable", .stateUnreadable)
            try write("{\"id\":\"unreadable\"}")
            try await bench.alert("unreadable")
            return
        }
        guard text.contains(Self.cause), defect != .forgetsAtRestart else { return }
        raise(Self.cause)
        if defect == .alertsAgainAfterARestart { try await bench.alert(Self.cause) }
        let isSwept = text.contains("swept")
        if defect == .sweepsAgainAfterARestart {
            try await sweep(.begin, [])
        } else if !isSwept {
            try await sweep(.resumed, [])
        }
    }

    /// Latches, cancels what works, and tells.
    func kill(_ orders: [VenueOrderID]) async throws {
        if defect == .latchesAfterCancels { try await cancel(orders) }
        raise(Self.cause)
        if defect == .alertsBeforeTheSync { try await bench.alert(Self.cause) }
        if defect == .sweepsBeforeTheSync { try await sweep(.begin, orders) }
        try? write("{\"id\":\"\(Self.cause)\"}")
        if defect != .sweepsBeforeTheSync { try await sweep(.begin, orders) }
        if defect == .sweepsTwice { try await sweep(.begin, orders) }
        guard defect != .alertsBeforeTheSync else { return }
        try await bench.alert(Self.cause)
        if defect == .alertsTwice { try await bench.alert(Self.cause) }
    }

    private func raise(_ id: String, _ code: ReasonCode = .killSwitch) {
        let cause = Cause(
            key: CauseKey(.killSwitch), record: id, level: .cancelOnly, release: .byHand, code: code, message: "",
            evidence: [], episode: id, raisedAt: bench.time.now)
        bench.tell([PermissionChange(sequence: 1, event: .raised, cause: cause, at: bench.time.now)])
    }

    private func write(_ json: String) throws {
        try disk.append(Array("00000000 \(json)\n".utf8))
        if defect != .neverSyncs { try disk.sync() }
    }

    private func sweep(_ step: SweepEvent.Step, _ orders: [VenueOrderID]) async throws {
        guard defect != .neverSweeps else { return }
        note(step)
        try await cancel(defect == .leavesAnOrderUnnamed ? Array(orders.dropFirst()) : orders)
        guard defect != .neverEndsItsSweep else { return }
        note(.end)
        try? write("{\"swept\":\"\(Self.cause)\"}")
    }

    private func note(_ step: SweepEvent.Step) {
        bench.logger.record(.sweep(SweepEvent(cause: Self.cause, scope: .global, step: step)))
    }

    private func cancel(_ orders: [VenueOrderID]) async throws {
        let context = RequestContext(
            origin: .library(episode: "sweep:\(Self.cause)"), lane: .cancel, sentAt: bench.time.now, deadline: nil)
        for order in orders {
            _ = try? await RequestContext.$current.withValue(context) {
                try await bench.edge.cancel(.venue(order), symbol: VenueWorld.symbol)
            }
        }
    }
}

/// A bot on a machine whose keeper pulls the kill switch, and which then loses its power.
struct KeeperRoad: Sendable {
    var seed: UInt64
    var defect: KeeperDefect?
    var length = Duration.seconds(200)
    /// How long the process lives on after the kill.
    var afterwards = Duration.seconds(70)
    /// What the disk does to the latch.
    var disk: (@Sendable (SimulatedDisk) -> Void)?
    var harm: DiskCorruption?
    /// Hears every line of the log.
    var onLine: (@Sendable (String) -> Void)?

    func run() throws -> SimulationReport {
        let report = try Simulation(seed: seed).run(for: length) { world in
            if let onLine { world.log.onLine(onLine) }
            let market = try SimulatedMarket(.bitcoin, candles: .recorded([.flat(20_000)]))
            let venue = try world.venue(.binanceUSDM, markets: [market])
            try await world.machine(restartAfter: .seconds(2)) { machine in
                try await live(on: machine, in: world, venue)
            }
        }
        #expect(report.thrown == nil, "\(report)")
        return report
    }

    func bench(on machine: Machine, in world: SimulatedWorld, _ broker: any Broker) -> Road.Workbench {
        let pen = RunPen(log: world.log, fence: machine.fence)
        return Road.Workbench(
            edge: world.edge(.binanceUSDM, broker, on: machine), time: machine.time,
            pauses: PauseController(environment: machine.environment), logger: LayerLogger(pen: pen),
            sink: AlertLogger(pen: pen))
    }

    private func live(on machine: Machine, in world: SimulatedWorld, _ venue: SimulatedVenue) async throws {
        let bench = bench(on: machine, in: world, venue)
        let keeper = Keeper(bench: bench, disk: machine.disk, defect: defect, boot: machine.boot)
        let broker = world.face(bench.edge, on: machine)
        try await keeper.start()
        guard machine.boot == 0 else {
            _ = try? await broker.balances()
            return try await machine.time.sleep(for: .seconds(100))
        }
        var orders: [VenueOrderID] = []
        for number in 0..<2 {
            let order = try await broker.place(.resting(.buy, 1, intent: IntentID("wish\(number)")))
            orders.append(try #require(order.venueID))
        }
        disk?(world.disk)
        if defect == .sendsWhatHadWaited {
            let late = LateOrder(bench: bench)
            machine.environment.spawner.spawn {
                _ = try? await world.face(late, on: machine).place(.resting(.buy, 1, intent: "late"))
            }
            try await machine.time.sleep(for: .seconds(1))
        }
        try await keeper.kill(orders)
        try await machine.time.sleep(for: afterwards)
        world.disk.heal()
        if let harm { world.disk.corrupt(harm) }
        machine.crash()
    }
}

/// Lets an order wait for five seconds, and asks nobody after that.
private struct LateOrder: InterceptingBroker {
    let bench: Road.Workbench

    var base: any Broker { bench.edge }

    func intercept<Answer: Sendable>(
        _ call: BrokerCall, _ proceed: @Sendable () async throws -> Answer
    ) async throws -> Answer {
        try await bench.time.sleep(for: .seconds(5))
        return try await proceed()
    }
}
