public import Seawall
internal import SeawallTime

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
        venues.add(venue)
        let breakers = [("orders", layer.orderBreaker), ("reads", layer.readBreaker)]
        var header = RunHeader(
            seed: seed, scenario: scenario, civilAtZero: book.civilAtZero, venue: profile, symbols: venue.symbols,
            positions: configuration.positions,
            breakers: breakers.map { name, breaker in
                RunHeader.Breaker(name: name, probes: breaker.probes, lease: breaker.probeLease)
            })
        header.healsAt = healsAt
        log.append(.run(header))
        return venue
    }

    /// Lets faults strike a broker of the run, drawn from its seed; each strike is recorded.
    ///
    /// Faults of the world strike the run's machine and its venue. It is no part of a process: make it once, outside of
    /// `machine(restartAfter:crashes:_:)`, or every process begins the plan anew.
    ///
    /// - Throws: `InvalidFields` with every bad field of the plan; where the run heals, a fault that strikes for longer is
    ///   one.
    public func chaos(_ broker: any Broker, plan: FaultPlan) throws -> ChaosBroker {
        try plan.validate(healingBy: healsAt.map { MonotonicInstant.origin.duration(to: $0) })
        let (log, strikes) = (book.log, strikes)
        let chaos = try ChaosBroker(
            broker, plan: plan, environment: environment, seed: seed, world: self,
            onStrike: { strike in
                strikes.add(strike)
                log.append(
                    .fault(FaultRecord(fault: strike.fault, operation: strike.operation, request: VenueRequest.id)))
            })
        chaosShelf.add(chaos)
        return chaos
    }

    /// Lets the faults of the run strike one of its brokers; see `faults`.
    ///
    /// - Throws: `InvalidFields` with every bad field of the plan.
    public func chaos(_ broker: any Broker) throws -> ChaosBroker {
        try chaos(broker, plan: faults)
    }

    /// Puts a reliability layer before a broker of the run, with everything that goes in and out recorded and judged.
    ///
    /// The metrics of the process, which say nothing of a simulation, are left out.
    ///
    /// - Parameters:
    ///   - profile: The venue's profile.
    ///   - broker: The venue, or the faults before it.
    ///   - configuration: How the layer behaves.
    ///   - journal: Where the layer keeps its journal; the machine's disk where there is one, unless told.
    ///   - machine: The process that the layer is part of; nil where the run has no machine.
    /// - Throws: The error of the part that cannot be configured so.
    public func layer(
        venue profile: VenueProfile, broker: any Broker, configuration: LayerConfiguration = LayerConfiguration(),
        journal: (any JournalStorage)? = nil, on machine: Machine? = nil
    ) throws -> SimulatedLayer {
        var configuration = configuration
        configuration.metrics.includesProcess = false
        let layer = try ReliabilityLayer(
            venue: profile, broker: edge(profile, broker, on: machine), configuration: configuration,
            journal: journal ?? machine?.disk, environment: machine?.environment ?? environment,
            recorder: LayerLogger(pen: pen(of: machine)))
        try layer.alerts.register(AlertLogger(pen: pen(of: machine)))
        return SimulatedLayer(layer: layer, broker: face(layer.broker, on: machine))
    }

    /// Records what is handed to a broker of the run, as the venue's edge.
    ///
    /// What a process on a machine hands over lives on without it.
    public func edge(_ profile: VenueProfile, _ broker: any Broker, on machine: Machine? = nil) -> RecordingEdge {
        RecordingEdge(
            base: machine?.connect(broker) ?? broker, profile: profile, pen: pen(of: machine), names: book.names,
            world: self, civilAtZero: book.civilAtZero)
    }

    /// Records what a bot asks of a broker of the run, and what it is told, for as long as its process lives.
    public func face(_ broker: any Broker, on machine: Machine? = nil) -> RecordingFace {
        RecordingFace(base: broker, pen: pen(of: machine), names: book.names, world: self)
    }

    private func pen(of machine: Machine?) -> RunPen { RunPen(log: log, fence: machine?.fence) }
}

/// A reliability layer in a simulation, and the broker to give to the bot there.
public struct SimulatedLayer: Sendable {
    /// The layer.
    public let layer: ReliabilityLayer

    /// Its guarded broker, with every call recorded.
    public let broker: RecordingFace
}
