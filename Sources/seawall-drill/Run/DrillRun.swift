import Seawall
import SeawallChaos

/// One run of the drill: a bot, a guarded broker, faults and a venue, in virtual time.
struct DrillRun: Sendable {
    let scenario: Scenario
    let seed: UInt64
    let hours: Double
    let profile: VenueProfile
    let markets: [SimulatedMarket]

    /// Runs it; `prepare` may listen to the record before anything is written.
    func run(prepare: @escaping @Sendable (RunLog) -> Void = { _ in }) throws -> SimulationReport {
        // A busy hour takes well under a million steps.
        let steps = SimulationConfiguration(stepLimit: max(10_000_000, Int(hours.rounded(.up)) * 2_000_000))
        return try Simulation(seed: seed, configuration: steps).run(hours: hours) { world in
            prepare(world.log)
            try await live(in: world)
        }
    }

    private func live(in world: SimulatedWorld) async throws {
        let venue = try world.venue(
            profile, markets: markets, configuration: scenario.venue, scenario: scenario.name)
        let chaos = try world.chaos(venue, plan: scenario.plan)
        let guarded = try world.layer(venue: profile, broker: chaos)
        _ = world.attachments.value(MetricsRegistry.self) { guarded.layer.metrics }
        try await start(guarded.layer, venue.symbols, world.time)
        let rules = Dictionary(markets.map { ($0.rules.symbol, $0.rules) }) { first, _ in first }
        let bot = DrillBot(
            broker: guarded.broker, time: world.time, symbols: venue.symbols, rules: rules, memory: DrillMemory(),
            seed: seed)
        let pauses = scenario.pauses
        await withTaskGroup { group in
            group.addTask { await bot.run() }
            group.addTask { await Operator(layer: guarded.layer, time: world.time).work(pauses) }
        }
    }

    /// Faults may strike the first reads too; a bot's supervisor would start it again.
    private func start(_ layer: ReliabilityLayer, _ symbols: [Symbol], _ time: any TimeSource) async throws {
        while true {
            do { return try await layer.start(symbols: symbols) } catch is CancellationError {
                throw CancellationError()
            } catch {
                try await time.sleep(for: .seconds(5))
            }
        }
    }
}

extension SimulationReport {
    /// The metrics of the run's layer; nil where it never came to have one.
    var metrics: MetricsRegistry? { attachments.value(MetricsRegistry.self) }
}
