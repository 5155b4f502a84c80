import SeawallAlerts
import SeawallBroker
import SeawallDegradation
import SeawallRateLimit
import SeawallTime
import Testing

@testable import Seawall
@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The whole road of a short run: a bot, its guard or a defective one in its place, the edge, the faults and the venue.
struct Road: Sendable {
    /// What stands between the bot and the edge.
    enum Guardian: Sendable {
        case layer
        case defective(@Sendable (Workbench) -> any Broker)
    }

    /// What a defective guard is made from.
    struct Workbench: Sendable {
        var edge: RecordingEdge
        var time: any TimeSource
        var pauses: PauseController
        var logger: LayerLogger
        var sink: AlertLogger

        /// Says what became of a cause, and returns the name of the first.
        @discardableResult
        func tell(_ changes: [PermissionChange]) -> String {
            for change in changes { logger.record(.permission(change)) }
            return changes.first?.id ?? ""
        }

        /// Lets a sink hear of a cause.
        func alert(_ cause: String, _ event: AlertEvent = .begin) async throws {
            try await sink.deliver(
                Alert(
                    episode: "alert of \(cause)", event: event, severity: .critical, code: "test", message: "",
                    causes: [cause], at: time.now, civil: time.civilNow))
        }
    }

    /// What a bot has.
    struct Desk: Sendable {
        var broker: RecordingFace
        var time: any TimeSource
        var pause: @Sendable () throws -> Void
    }

    var seed: UInt64 = 1
    var faults: [FaultAction] = []
    var position: Decimal = 0
    var length = Duration.seconds(120)
    var profile = VenueProfile.binanceUSDM
    /// From when on all is well; nil where that is not promised.
    var healsAt: Duration?
    /// Hears every line of the log.
    var onLine: (@Sendable (String) -> Void)?

    func run(
        _ guardian: Guardian, bot: @escaping @Sendable (Desk) async throws -> Void
    ) throws -> SimulationReport {
        var configuration = SimulationConfiguration()
        configuration.healsAt = healsAt
        let report = try Simulation(seed: seed, configuration: configuration, faults: FaultPlan(faults)).run(
            for: length, body(guardian, bot: bot))
        #expect(report.thrown == nil, "\(report)")
        #expect(report.escapes.isEmpty, "\(report)")
        return report
    }

    /// What a run does, under the faults of its world.
    func body(_ guardian: Guardian, bot: @escaping @Sendable (Desk) async throws -> Void) -> SeedSearch.Body {
        { world in
            if let onLine { world.log.onLine(onLine) }
            let market = try SimulatedMarket(.bitcoin, candles: .recorded([.flat(20_000)]))
            var configuration = SimulatedVenueConfiguration()
            if position != 0 { configuration.positions = [VenueWorld.symbol: position] }
            let venue = try world.venue(profile, markets: [market], configuration: configuration)
            let desk = try await desk(guardian, try world.chaos(venue), world)
            try await bot(desk)
        }
    }

    private func desk(
        _ guardian: Guardian, _ chaos: ChaosBroker, _ world: SimulatedWorld
    ) async throws -> Desk {
        switch guardian {
        case .layer:
            let guarded = try world.layer(venue: profile, broker: chaos)
            while (try? await guarded.layer.start(symbols: [VenueWorld.symbol])) == nil {
                try await world.time.sleep(for: .seconds(1))
            }
            return Desk(broker: guarded.broker, time: world.time) { [layer = guarded.layer] in
                try layer.pauseAll(reason: "test")
            }
        case .defective(let make):
            let logger = LayerLogger(log: world.log)
            let pauses = PauseController(environment: world.environment)
            let edge = world.edge(profile, chaos)
            let broker = make(
                Workbench(
                    edge: edge, time: world.time, pauses: pauses, logger: logger, sink: AlertLogger(log: world.log)))
            return Desk(broker: world.face(broker), time: world.time) {
                for change in try pauses.pauseAll(reason: "test") { logger.record(.permission(change)) }
            }
        }
    }
}

extension OrderRequest {
    /// A limit order that rests: the market stands still at 20,000.
    static func resting(_ side: Side, _ quantity: Decimal, intent: IntentID) -> OrderRequest {
        OrderRequest(
            intent: intent, symbol: VenueWorld.symbol, side: side, quantity: .base(quantity),
            type: .limit(price: side == .buy ? 19_000 : 21_000))
    }
}
