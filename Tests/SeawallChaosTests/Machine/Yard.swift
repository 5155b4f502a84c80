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

/// A world with one venue and one machine, whose body is a test's.
struct Yard: Sendable {
    var world: SimulatedWorld
    var venue: SimulatedVenue
    var records: Recorder<RunRecord>

    /// What a run of a yard left behind.
    struct Left {
        var report: SimulationReport
        var records: [RunRecord]

        /// The records behind the first crash, up to the restart.
        var afterCrash: [RunRecord] {
            records.drop { if case .crash = $0.body { false } else { true } }.dropFirst()
                .prefix { if case .restart = $0.body { false } else { true } }
        }
    }

    /// Runs a yard until its body ends; requests take 10 ms each way.
    static func run(
        seed: UInt64 = 1, for length: Duration = .seconds(600),
        _ body: @escaping @Sendable (Yard) async throws -> Void
    ) throws -> Left {
        let records = Recorder<RunRecord>()
        let report = try Simulation(seed: seed).run(for: length) { world in
            world.log.onRecord { records.append($0) }
            let market = try SimulatedMarket(.bitcoin, candles: .recorded([.flat(20_000)]))
            let latency = Duration.milliseconds(10)
            var configuration = SimulatedVenueConfiguration()
            configuration.requestLatency = latency...latency
            configuration.replyLatency = latency...latency
            let venue = try world.venue(.binanceUSDM, markets: [market], configuration: configuration)
            try await body(Yard(world: world, venue: venue, records: records))
        }
        return Left(report: report, records: records.values)
    }

    /// An order that rests.
    static func order(_ name: String) -> OrderRequest {
        var order = OrderRequest.resting(.buy, 1, intent: IntentID(name))
        order.clientID = ClientOrderID(name)
        return order
    }
}
