import Seawall
import SeawallChaos

/// One run of the drill: a bot, a guarded broker, faults and a venue, in virtual time.
struct DrillRun: Sendable {
    let scenario: Scenario
    let seed: UInt64
    let hours: Double
    let profile: VenueProfile
    let markets: [SimulatedMarket]

    /// How it is scheduled where a swarm draws nothing else.
    let base: SimulationConfiguration

    /// The faults of the run.
    var faults: FaultPlan { scenario.faults.plan(seed: seed, length: .seconds(hours * 3_600)) }

    /// Runs it; `prepare` may listen to the record before anything is written.
    func run(prepare: @escaping @Sendable (RunLog) -> Void = { _ in }) throws -> SimulationReport {
        let length = Duration.seconds(hours * 3_600)
        let configuration = scenario.faults.configured(base, seed: seed, length: length)
        return try Simulation(seed: seed, configuration: configuration, faults: faults).run(for: length) { world in
            prepare(world.log)
            try await live(in: world)
        }
    }

    /// The venue and its faults stay; the bot, its guard and its operator begin anew whenever the machine does.
    func live(in world: SimulatedWorld) async throws {
        let venue = try world.venue(
            profile, markets: markets, configuration: scenario.venue, scenario: scenario.name)
        let chaos = try world.chaos(venue)
        let metrics = world.attachments.value(LastMetrics.self) { LastMetrics() }
        let rules = Dictionary(markets.map { ($0.rules.symbol, $0.rules) }) { first, _ in first }
        let memory = DrillMemory()
        try await world.machine { machine in
            let guarded = try world.layer(venue: profile, broker: chaos, on: machine)
            metrics.registry = guarded.layer.metrics
            let bot = DrillBot(
                broker: guarded.broker, time: machine.time, symbols: venue.symbols, rules: rules, memory: memory,
                seed: seed)
            await withTaskGroup { group in
                // An operator need not wait until the account is known.
                group.addTask { await Operator(layer: guarded.layer, time: machine.time).work(scenario.moves) }
                group.addTask {
                    guard (try? await start(guarded.layer, venue.symbols, machine.time)) != nil else { return }
                    await bot.run()
                }
            }
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
    /// The metrics of the run's last layer; nil where it never came to have one.
    var metrics: MetricsRegistry? { attachments.value(LastMetrics.self)?.registry }
}

/// Keeps the metrics of the layer that lived last.
private final class LastMetrics: Sendable {
    private let last = Lock(MetricsRegistry?.none)

    var registry: MetricsRegistry? {
        get { last.withLock { $0 } }
        set { last.withLock { $0 = newValue } }
    }
}
