/// Which of several runnable jobs goes next.
///
/// As data and in texts a scheduling is one word: `random`, `fifo`, `pct(3,10000)`.
public enum SimulationScheduling: Sendable, Hashable {
    /// Any of them, by one draw from the seed's stream for the schedule: this finds races between tasks.
    case random

    /// The one that became runnable first: for tests that pin one order.
    case fifo

    /// Probabilistic concurrency testing: the task of the highest priority, of priorities that the seed draws.
    ///
    /// Every task has a random priority, and `depth - 1` times within the first `steps` steps the task that would go
    /// next falls below all others. A bug that needs `depth` steps of different tasks in one order is found with a
    /// probability of at least 1 / (n · steps^(depth - 1)) by each seed, where n is the number of tasks and the run
    /// takes no more than `steps` (Burckhardt, Kothari, Musuvathi and Nagarakatte, "A Randomized Scheduler with
    /// Probabilistic Guarantees of Finding Bugs", ASPLOS 2010). It is strong where one task has to be slow for long,
    /// which a random schedule hardly ever does.
    ///
    /// A turn of a default actor and a yield go by the priority of the task that asked for them. Where half of the
    /// steps that one instant may take are used up, the rest of the instant is random, so that a task that yields until
    /// another has done its part does not hold the run for ever. `depth` is 1 to 64, `steps` 1 or more.
    case pct(depth: Int, steps: Int = 10_000)
}

extension SimulationScheduling: RawRepresentable, Codable {
    /// The scheduling as one word.
    public var rawValue: String {
        switch self {
        case .random: "random"
        case .fifo: "fifo"
        case .pct(let depth, let steps): "pct(\(depth),\(steps))"
        }
    }

    /// Reads a scheduling as `rawValue` writes it; nil for any other text.
    public init?(rawValue: String) {
        switch rawValue {
        case "random": self = .random
        case "fifo": self = .fifo
        default:
            guard rawValue.hasPrefix("pct("), rawValue.hasSuffix(")") else { return nil }
            let numbers = rawValue.dropFirst(4).dropLast().split(separator: ",", omittingEmptySubsequences: false)
            guard numbers.count == 2, let depth = Int(numbers[0]), let steps = Int(numbers[1]) else { return nil }
            self = .pct(depth: depth, steps: steps)
        }
    }

    var problems: [String] {
        guard case .pct(let depth, let steps) = self else { return [] }
        var problems: [String] = []
        if !(1...64).contains(depth) { problems.append("scheduling has a depth of \(depth), expected 1 to 64") }
        if steps < 1 { problems.append("scheduling has change points in \(steps) steps, expected 1 or more") }
        return problems
    }
}
