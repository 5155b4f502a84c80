public import Seawall

extension SimulatedWorld {
    /// The record of the run: listen to it to keep it.
    public var log: RunLog { book.log }

    /// Makes the venue of the run, whose truth is recorded and judged.
    ///
    /// Make it first: it writes the record's first line.
    ///
    /// - Parameters:
    ///   - profile: Whose rules it follows.
    ///   - markets: What it trades.
    ///   - configuration: Latencies, fees, liquidity and the account's beginnings; its seed is the run's.
    ///   - scenario: The name under which the run is recorded.
    ///   - layer: The configuration of the layer that will guard it, for the record.
    /// - Throws: `SimulatedVenueError` with every setting at fault.
    public func venue(
        _ profile: VenueProfile, markets: [SimulatedMarket],
        configuration: SimulatedVenueConfiguration = SimulatedVenueConfiguration(), scenario: String = "test",
        layer: LayerConfiguration = LayerConfiguration()
    ) throws -> SimulatedVenue {
        var seeded = configuration
        seeded.seed = seed
        let log = book.log
        let venue = try SimulatedVenue(
            profile: profile, markets: markets, configuration: seeded, environment: environment,
            observe: { log.append(.venue($0)) })
        let breakers = [("orders", layer.orderBreaker), ("reads", layer.readBreaker)]
        log.append(
            .run(
                RunHeader(
                    seed: seed, scenario: scenario, civilAtZero: civilAtZero, venue: profile, symbols: venue.symbols,
                    positions: configuration.positions,
                    breakers: breakers.map { name, breaker in
                        RunHeader.Breaker(name: name, probes: breaker.probes, lease: breaker.probeLease)
                    })))
        return venue
    }

    /// Lets faults strike a broker of the run, drawn from its seed; each strike is recorded.
    ///
    /// - Throws: `InvalidFields` with every bad field of the plan.
    public func chaos(_ broker: any Broker, plan: FaultPlan) throws -> ChaosBroker {
        let log = book.log
        return try ChaosBroker(
            broker, plan: plan, environment: environment, seed: seed,
            onStrike: { strike in
                log.append(
                    .fault(FaultRecord(fault: strike.fault, operation: strike.operation, request: VenueRequest.id)))
            })
    }

    /// Lets the faults of the run strike one of its brokers; see `faults`.
    ///
    /// - Throws: `InvalidFields` with every bad field of the plan.
    public func chaos(_ broker: any Broker) throws -> ChaosBroker {
        try chaos(broker, plan: faults)
    }

    /// Puts a reliability layer before a broker of the run, with everything that goes in and out recorded and judged.
    ///
    /// - Throws: The error of the part that cannot be configured so.
    public func layer(
        venue profile: VenueProfile, broker: any Broker, configuration: LayerConfiguration = LayerConfiguration()
    ) throws -> SimulatedLayer {
        let layer = try ReliabilityLayer(
            venue: profile, broker: edge(profile, broker), configuration: configuration, environment: environment,
            recorder: LayerLogger(log: log))
        try layer.alerts.register(AlertLogger(log: log))
        return SimulatedLayer(layer: layer, broker: face(layer.broker))
    }

    /// Records what is handed to a broker of the run, as the venue's edge.
    public func edge(_ profile: VenueProfile, _ broker: any Broker) -> RecordingEdge {
        RecordingEdge(base: broker, profile: profile, log: log, names: book.names, world: self)
    }

    /// Records what a bot asks of a broker of the run, and what it is told.
    public func face(_ broker: any Broker) -> RecordingFace {
        RecordingFace(base: broker, log: log, names: book.names)
    }

    private var civilAtZero: CivilInstant {
        time.civilNow.advanced(by: time.now.duration(to: .origin))
    }
}

/// A reliability layer in a simulation, and the broker to give to the bot there.
public struct SimulatedLayer: Sendable {
    /// The layer.
    public let layer: ReliabilityLayer

    /// Its guarded broker, with every call recorded.
    public let broker: RecordingFace
}
