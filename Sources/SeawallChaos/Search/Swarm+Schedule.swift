internal import SeawallTime

extension Swarm {
    /// How a seed's run schedules.
    ///
    /// Half of the seeds keep what the run was given. The others have the order of arrival, change points at which a task
    /// falls behind all others, or a yield at every twentieth place where there may be one: what one order of the tasks
    /// never shows, another may.
    public func scheduled(_ configuration: SimulationConfiguration, seed: UInt64) -> SimulationConfiguration {
        guard drawsSchedule else { return configuration }
        var generator = SeededGenerator(seed: seed, stream: "swarm/schedule")
        var drawn = configuration
        switch generator.below(6) {
        case 0: drawn.scheduling = .fifo
        case 1: drawn.scheduling = .pct(depth: 3)
        case 2: drawn.yieldsPerMille = 50
        default: break
        }
        return drawn
    }
}
