/// Runs a body under many seeds on all cores, each seed twice and compared, and says which went wrong.
///
///     let search = SeedSearch(length: .seconds(60), faults: .swarm(Swarm())) { world in
///         let venue = try world.venue(.binanceUSDM, markets: markets)
///         let guarded = try world.layer(venue: .binanceUSDM, broker: try world.chaos(venue))
///         try await MyBot(broker: guarded.broker, time: world.time).run()
///     }
///     let found = try search.run(0..<1_000)
///     #expect(found.failures.isEmpty, "\(found)")
///
/// Threads run runs, one each, so that a search takes about as long as its runs one after the other, divided by the
/// number of cores. A failure can be made small with `shrink(_:budget:simpler:)`.
public struct SeedSearch: Sendable {
    /// What a run does.
    public typealias Body = @Sendable (SimulatedWorld) async throws -> Void

    /// How long a run is, in virtual time, 0 or more.
    public var length: Duration

    /// How a run schedules and when it gives up; a swarm draws of it what it says.
    public var configuration: SimulationConfiguration

    /// Which faults a run has.
    public var faults: SeedFaults

    /// Whether each seed is run a second time and compared: steps, trace and record must be the same.
    public var runsTwice: Bool

    /// How many threads run, 1 or more; nil for one a core.
    public var threads: Int?

    /// After how many seeds that went wrong the search ends, 1 or more.
    public var failureLimit: Int

    /// What is wrong with a run.
    ///
    /// Default: everything in `SimulationReport.failures`.
    public var verdict: @Sendable (SimulationReport) -> [SimulationFailure]

    /// What a run does.
    public var body: Body

    /// Makes a search.
    public init(
        length: Duration, configuration: SimulationConfiguration = SimulationConfiguration(),
        faults: SeedFaults = .none, runsTwice: Bool = true, threads: Int? = nil, failureLimit: Int = 1,
        verdict: @escaping @Sendable (SimulationReport) -> [SimulationFailure] = { $0.failures },
        body: @escaping Body
    ) {
        self.length = length
        self.configuration = configuration
        self.faults = faults
        self.runsTwice = runsTwice
        self.threads = threads
        self.failureLimit = failureLimit
        self.verdict = verdict
        self.body = body
    }

    /// Runs the seeds in their order, as many at once as there are threads, and blocks the caller until the end.
    ///
    /// Once `failureLimit` seeds have gone wrong no further one begins. The report tells of the seeds up to the last of
    /// those and of no other, so that it is the same whatever the threads were faster at.
    ///
    /// - Parameters:
    ///   - seeds: The seeds.
    ///   - onProgress: Called on the calling thread, about ten times a second while something moves.
    /// - Throws: `SimulationError` or `InvalidFields` where the search itself makes no sense.
    public func run(
        _ seeds: Range<UInt64>, onProgress: (SeedProgress) -> Void = { _ in }
    ) throws -> SeedSearchReport {
        try validate()
        let queue = SeedQueue(seeds: seeds, failureLimit: failureLimit)
        return try queue.report(threads: threads, onProgress: onProgress) { try result(of: $0) }
    }

    /// Runs one seed once, as the search would.
    ///
    /// - Throws: `SimulationError` or `InvalidFields` where the search itself makes no sense.
    public func run(seed: UInt64) throws -> SimulationReport {
        try simulation(of: seed).run(for: length, body)
    }

    private func validate() throws {
        var problems = configuration.problems
        if length < .zero { problems.append("length is \(length), expected 0 seconds or more") }
        if let threads, threads < 1 { problems.append("threads is \(threads), expected 1 or more") }
        if failureLimit < 1 { problems.append("failureLimit is \(failureLimit), expected 1 or more") }
        guard problems.isEmpty else {
            throw SimulationError(code: .invalidConfiguration, message: problems.joined(separator: "; "))
        }
        try faults.validate()
        if case .plan(let plan, _) = faults { try plan.validate(healingBy: configuration.healsAt) }
    }

    private func simulation(of seed: UInt64) throws -> Simulation {
        try Simulation(
            seed: seed, configuration: faults.configured(configuration, seed: seed, length: length),
            faults: faults.plan(seed: seed, length: length))
    }

    private func result(of seed: UInt64) throws -> SeedResult {
        let simulation = try simulation(of: seed)
        let report = try simulation.run(for: length, body)
        var failures = verdict(report)
        if runsTwice, let difference = report.difference(from: try simulation.run(for: length, body)) {
            failures.append(difference)
        }
        return SeedResult(
            seed: seed, runs: runsTwice ? 2 : 1, report: report,
            failure: failures.isEmpty
                ? nil : SeedFailure(seed: seed, failures: failures, report: report, faults: "\(faults)"))
    }
}

extension SimulationReport {
    /// What tells two runs of one seed apart, nil where nothing does.
    func difference(from other: SimulationReport) -> SimulationFailure? {
        var differences: [String] = []
        if steps != other.steps { differences.append("steps \(steps) and \(other.steps)") }
        if hash != other.hash { differences.append("traces") }
        if recordHash != other.recordHash { differences.append("records") }
        guard !differences.isEmpty else { return nil }
        let advice = detectors.hashingIsDeterministic ? "" : ": " + SimulationDetectors.hashingAdvice
        return SimulationFailure(
            kind: .promise(.sameSeedSameBytes),
            message: "two runs differ in " + differences.joined(separator: ", ") + advice)
    }
}
