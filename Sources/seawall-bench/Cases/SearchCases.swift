import Seawall
import SeawallChaos
import SeawallTime

/// Finding and shrinking, by whole searches.
enum SearchCases {
    static func all() throws -> [BenchCase] {
        let orders = try PlacedOrders()
        return [seeds(orders), thousandSeeds(orders), shrink(orders)]
    }

    private static let length = Duration.seconds(60)

    /// A seed of a search: a bot behind a layer under a swarm, twice and compared.
    private static func seeds(_ orders: PlacedOrders) -> BenchCase {
        BenchCase(
            "search.seed", note: "a seed of 60 virtual seconds behind a layer under a swarm, twice, on all cores"
        ) { Sample(nanoseconds: try search(orders, seeds: $0), operations: $0) }
    }

    /// A whole search, judged by every promise.
    private static func thousandSeeds(_ orders: PlacedOrders) -> BenchCase {
        BenchCase("search.thousand-seeds", note: "1,000 of those, to the end", isLong: true) { operations in
            var nanoseconds: Int64 = 0
            for _ in 0..<operations { nanoseconds += try search(orders, seeds: 1_000) }
            return Sample(nanoseconds: nanoseconds, operations: operations)
        }
    }

    private static func search(_ orders: PlacedOrders, seeds: Int) throws -> Int64 {
        let search = SeedSearch(length: length, faults: .swarm(Swarm())) { world in
            let venue = try world.venue(.binanceUSDM, markets: [orders.market])
            let guarded = try world.layer(venue: .binanceUSDM, broker: try world.chaos(venue))
            while (try? await guarded.layer.start(symbols: venue.symbols)) == nil {
                try await world.time.sleep(for: .seconds(1))
            }
            try await trade(orders, guarded.broker, world.time)
        }
        let report = try search.run(0..<UInt64(seeds))
        if let failure = report.failures.first { throw BenchError("a promise was broken: \(failure)") }
        keep(report.hash)
        return report.elapsed.wholeNanoseconds
    }

    /// A double order that a guard makes when a reply is lost: from a swarm to the one fault that matters.
    private static func shrink(_ orders: PlacedOrders) -> BenchCase {
        BenchCase(
            "search.shrink", note: "a planted double order found by a swarm and shrunk to one fault"
        ) { operations in
            let search = SeedSearch(
                length: length, faults: .swarm(Swarm()),
                verdict: { $0.failures.filter { $0.kind == .promise(.oneOrderPerIntent) } }
            ) { world in
                let venue = try world.venue(.binanceUSDM, markets: [orders.market])
                let edge = world.edge(.binanceUSDM, try world.chaos(venue))
                try await trade(orders, world.face(CarelessGuard(base: edge)), world.time)
            }
            let stopwatch = Stopwatch()
            stopwatch.start()
            for _ in 0..<operations {
                guard let failure = try search.run(0..<1_000).failures.first else {
                    throw BenchError("no seed shows the planted double order")
                }
                let shrunk = try search.shrink(failure)
                guard shrunk.shrunk.faults == 1 else { throw BenchError("it was not shrunk to one fault: \(shrunk)") }
            }
            stopwatch.stop()
            return Sample(nanoseconds: stopwatch.elapsed, operations: operations)
        }
    }

    private static func trade(_ orders: PlacedOrders, _ broker: any Broker, _ time: any TimeSource) async throws {
        for index in 0..<20 {
            _ = try? await broker.place(orders.order(index))
            try await time.sleep(for: .seconds(2))
        }
    }
}

/// Sends an order whose reply was lost again under a fresh name.
private struct CarelessGuard: InterceptingBroker {
    let base: any Broker

    func intercept<Answer: Sendable>(
        _ call: BrokerCall, _ proceed: @Sendable () async throws -> Answer
    ) async throws -> Answer { try await proceed() }

    func place(_ order: OrderRequest) async throws -> Order {
        var order = order
        for attempt in 1...3 {
            order.clientID = ClientOrderID("\(order.intent?.rawValue ?? "order")-\(attempt)")
            do { return try await base.place(order) } catch let error as BrokerError where error.delivery == .maybeSent
            {}
        }
        return try await base.place(order)
    }
}
