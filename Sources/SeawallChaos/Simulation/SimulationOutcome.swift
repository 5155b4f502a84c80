/// How a run ended.
public enum SimulationOutcome: Sendable, Hashable, CustomStringConvertible {
    /// The body returned or threw.
    case finished

    /// Virtual time reached the end of the run, and the body was cancelled.
    case timeLimit

    /// So many steps, the limit, were reached: the run is longer than its configuration allows.
    case stepLimit(Int)

    /// So many jobs ran at one instant that virtual time would never move: a loop that yields or sleeps for nothing.
    case spinning(SimulationSpin)

    /// Nothing could happen any more, although the body had not ended.
    case stalled(SimulationStall)

    /// Work left the simulation, and the run stopped at the first that was seen.
    case escaped(SimulationEscape)

    /// What the user demanded of the run did not hold, and the run stopped there.
    case invariant(InvariantViolation)

    /// The outcome in words.
    public var description: String {
        switch self {
        case .finished: "finished"
        case .timeLimit: "ended at the limit of virtual time"
        case .stepLimit(let limit):
            "stopped at the limit of \(limit) steps (`SimulationConfiguration.stepLimit`): virtual time moved on, yet the "
                + "body did not end; give a bot that runs for ever a length, `run(for:)` or `run(hours:)`, and a longer "
                + "run a higher limit"
        case .spinning(let spin): "\(spin)"
        case .stalled(let stall): "stalled: \(stall)"
        case .escaped(let escape): "escaped: \(escape)"
        case .invariant(let violation): "\(violation)"
        }
    }
}
