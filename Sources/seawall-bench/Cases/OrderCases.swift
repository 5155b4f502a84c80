import Seawall
import SeawallChaos
import SeawallTime

/// An order through the guarded broker, against the same order handed to the broker behind it.
enum OrderCases {
    static func all() throws -> [BenchCase] {
        let orders = try PlacedOrders()
        return [
            simulated("order.bare", baseline: "simulation.call", note: "a market order to the simulated venue", orders)
            {
                _, broker, _ in broker
            },
            simulated(
                "order.guarded", baseline: "order.bare",
                note: "the same through a started layer, its stream and polls included", orders, guarded),
            system("order.bare-system", baseline: "baseline.async-call", note: "a market order, filled at once", orders)
            {
                _, broker, _ in broker
            },
            system(
                "order.guarded-system", baseline: "order.bare-system",
                note: "the same through a started layer, system time", orders, guarded),
        ]
    }

    private typealias Wrap = @Sendable (VenueProfile, any Broker, RuntimeEnvironment) async throws -> any Broker

    /// A layer in default configuration, as a bot starts it.
    private static let guarded: Wrap = { profile, broker, environment in
        let layer = try ReliabilityLayer(venue: profile, broker: broker, environment: environment)
        try await layer.start(symbols: ["BTCUSDT"])
        return layer.broker
    }

    /// One order after the other in virtual time, at a pace that the venue's limits allow.
    private static func simulated(
        _ name: String, baseline: String, note: String, _ orders: PlacedOrders, _ wrap: @escaping Wrap
    ) -> BenchCase {
        BenchCase(name, baseline: baseline, note: note) { operations in
            let stopwatch = Stopwatch()
            let report = try Simulation(seed: 1).run { world in
                let venue = try SimulatedVenue(
                    profile: .binanceUSDM, markets: [orders.market], environment: world.environment)
                let broker = try await wrap(venue.profile, venue, world.environment)
                stopwatch.start()
                for index in 0..<operations {
                    _ = try await broker.place(orders.order(index))
                    try await world.time.sleep(for: .milliseconds(100))
                }
                stopwatch.stop()
            }
            guard report.isClean else { throw BenchError("\(name) went wrong: \(report)") }
            return Sample(nanoseconds: stopwatch.elapsed, operations: operations)
        }
    }

    /// One order after the other in system time, to a broker that answers at once.
    private static func system(
        _ name: String, baseline: String, note: String, _ orders: PlacedOrders, _ wrap: @escaping Wrap
    ) -> BenchCase {
        BenchCase(name, baseline: baseline, note: note) { operations in
            try Blocking.run {
                let environment = RuntimeEnvironment()
                defer { environment.spawner.cancelAll() }
                let broker = try await wrap(limitless, FillingBroker(), environment)
                let stopwatch = Stopwatch()
                stopwatch.start()
                for index in 0..<operations { _ = try await broker.place(orders.order(index)) }
                stopwatch.stop()
                return Sample(nanoseconds: stopwatch.elapsed, operations: operations)
            }
        }
    }

    /// In system time the venue's own limits, 16 orders a second, would be all that is measured.
    private static var limitless: VenueProfile {
        var profile = VenueProfile.binanceUSDM
        for index in profile.limits.indices { profile.limits[index].limit = 1_000_000_000 }
        return profile
    }
}
