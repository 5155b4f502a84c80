internal import SeawallTime

/// Which faults the runs of a search have.
public enum SeedFaults: Sendable, Hashable {
    /// The same for every seed; the name stands for them in reports, where it is nil their JSON does.
    case plan(FaultPlan, name: String? = nil)
    /// For every seed its own.
    case swarm(Swarm)

    /// No faults.
    public static let none = SeedFaults.plan(FaultPlan())

    /// The faults of a seed in a run of that length.
    public func plan(seed: UInt64, length: Duration) -> FaultPlan {
        switch self {
        case .plan(let plan, _): plan
        case .swarm(let swarm): swarm.plan(seed: seed, length: length)
        }
    }

    /// When a run of that length is well again; nil where the faults do not say.
    public func healsAt(_ length: Duration) -> Duration? {
        switch self {
        case .plan: nil
        case .swarm(let swarm): swarm.healsAt(length)
        }
    }

    /// How the run of a seed, of that length, schedules and when it is well again, where the faults say.
    public func configured(
        _ configuration: SimulationConfiguration, seed: UInt64, length: Duration
    ) -> SimulationConfiguration {
        guard case .swarm(let swarm) = self else { return configuration }
        var drawn = swarm.scheduled(configuration, seed: seed)
        drawn.healsAt = swarm.healsAt(length)
        return drawn
    }

    func validate() throws(InvalidFields) {
        switch self {
        case .plan(let plan, _): try plan.validate()
        case .swarm(let swarm): try swarm.validate()
        }
    }
}

extension SeedFaults: CustomStringConvertible {
    /// How a line that reproduces a run names the faults.
    public var description: String {
        switch self {
        case .plan(let plan, nil) where plan.actions.isEmpty: "no faults"
        case .plan(let plan, let name): "faults \(name ?? plan.json)"
        case .swarm(let swarm): "faults of a swarm of \(swarm.catalogue.count), healing after \(swarm.healAfter)"
        }
    }
}
