internal import SeawallTime

/// Runs a whole async bot in virtual time on one thread, in an order that its seed decides.
///
/// The same seed gives the same steps, in the same build of the code: when nothing can run, virtual time moves to the
/// next deadline, and when several tasks can, the seed picks one. Hours pass as fast as the bot's own code runs.
///
///     let run = try Simulation(seed: 7).run(hours: 6) { world in
///         try await MyBot(time: world.time).run()
///     }
///     #expect(run.isClean, "\(run)")
///
/// A simulation holds nothing but its seed and configuration; every run of it begins anew. Runs on several threads at
/// once do not know of each other.
public final class Simulation: Sendable {
    /// What every choice is drawn from.
    public let seed: UInt64

    /// How a run schedules and when it gives up.
    public let configuration: SimulationConfiguration

    /// What goes wrong in every run, where its world's brokers ask for it with `SimulatedWorld.chaos(_:)`.
    public let faults: FaultPlan

    /// Makes a simulation.
    ///
    /// - Throws: `SimulationError` that names every field of the configuration that is out of range, or
    ///   `InvalidFields` with every bad field of the faults; where the configuration says when the run heals, a fault that
    ///   strikes or is felt for longer is one.
    public init(
        seed: UInt64, configuration: SimulationConfiguration = .init(), faults: FaultPlan = FaultPlan()
    ) throws {
        try faults.validate()
        let problems = configuration.problems
        guard problems.isEmpty else {
            throw SimulationError(code: .invalidConfiguration, message: problems.joined(separator: "; "))
        }
        try faults.validate(healingBy: configuration.healsAt)
        self.seed = seed
        self.configuration = configuration
        self.faults = faults
    }

    /// Runs `body` to its end, or to the limits of the configuration, on the calling thread.
    ///
    /// The call returns when the body has ended or been stopped, everything it started has been cancelled, and what
    /// could end has ended. An error of the body is in the report.
    public func run(_ body: @escaping @Sendable (SimulatedWorld) async throws -> Void) -> SimulationReport {
        run(body, length: nil)
    }

    /// Runs `body` for at most `length` of virtual time; what is due at the end itself still runs.
    ///
    /// - Throws: `SimulationError` where `length` is negative. An error of the body is in the report.
    public func run(
        for length: Duration, _ body: @escaping @Sendable (SimulatedWorld) async throws -> Void
    ) throws -> SimulationReport {
        guard length >= .zero else {
            throw SimulationError(
                code: .invalidConfiguration, message: "the run is to last \(length), expected 0 seconds or more")
        }
        return run(body, length: length)
    }

    /// Runs `body` for at most so many hours of virtual time; what is due at the end itself still runs.
    ///
    /// - Throws: `SimulationError` where `hours` is negative, not a number, or over 2.5 million, where nanoseconds
    ///   end. An error of the body is in the report.
    public func run(
        hours: Double, _ body: @escaping @Sendable (SimulatedWorld) async throws -> Void
    ) throws -> SimulationReport {
        guard hours >= 0, let length = Duration(exactSeconds: hours * 3600) else {
            throw SimulationError(
                code: .invalidConfiguration, message: "the run is to last \(hours) hours, expected 0 to 2.5 million")
        }
        return try run(for: length, body)
    }

    private func run(
        _ body: @escaping @Sendable (SimulatedWorld) async throws -> Void, length: Duration?
    ) -> SimulationReport {
        SimulationRun(seed: seed, configuration: configuration, faults: faults, length: length).report(of: body)
    }
}
