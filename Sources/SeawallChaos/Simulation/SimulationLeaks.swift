/// What still lived after a run was shut down.
public struct SimulationLeaks: Sendable, Hashable, CustomStringConvertible {
    /// Tasks that did not end though they were cancelled: the body itself, and tasks of the spawner.
    public let tasks: Int

    /// Where those of the spawner were started, as module, file and line; `the body` for the body.
    public let origins: [String]

    /// Tasks that still slept on the simulation's clock.
    public let sleepers: Int

    /// Jobs that were still runnable when the limit of the shutdown was reached.
    public let jobs: Int

    /// Whether nothing was left.
    public var isEmpty: Bool { tasks == 0 && sleepers == 0 && jobs == 0 }

    /// The counts in words.
    public var description: String {
        if isEmpty { return "nothing leaked" }
        let from = origins.isEmpty ? "" : " (\(origins.joined(separator: ", ")))"
        return "leaked: \(tasks) tasks\(from), \(sleepers) sleepers, \(jobs) jobs: something waits that cannot be "
            + "cancelled, or goes on though it was"
    }
}
